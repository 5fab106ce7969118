"""The token service: issues, verifies and caches access tokens."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from typing_extensions import override

from latchkey.adapters.jwt.claims import Claims, VerifiedClaims
from latchkey.adapters.jwt.compact import CompactForm
from latchkey.adapters.keys.key_set import KeySet
from latchkey.domain.sessions.access_token import AccessToken, Principal, TokenService
from latchkey.domain.sessions.errors import AccessTokenInvalidError, AccessTokenStaleError

MAX_LENGTH: Final = 8192
REMEMBERED: Final = 4096  # tokens; 4 to 6 MB


class JwtTokenService(TokenService):
    """Issues and verifies JWTs with a set of keys, whatever their algorithms.

    The header of a token is looked up and never parsed. So nothing in it can choose an algorithm, a
    type, an extension or a key that the sender provides (`alg`, `typ`, `crit`, `b64`, `zip`, `jwk`,
    `jku`, `x5u`), and an unknown `kid` is rejected before anything is decoded. Only the key that
    the header names is tried.

    The payload is parsed only after the signature was verified, so rejecting a token costs no more
    than accepting a new one. Verified claims are cached, and their validity is checked against
    `now` each time. A rejected token is never cached, so it cannot evict a good one. A cached one
    is accepted no longer than its key.

    Source: RFC 8725, sections 3.1, 3.9 to 3.11.
    """

    def __init__(  # noqa: PLR0913 - given by name
        self,
        keys: KeySet,
        issuer: str,
        audience: str,
        lifetime: timedelta,
        *,
        remembered: int = REMEMBERED,
        former_issuer: str | None = None,
    ) -> None:
        """Prepare the keys.

        Args:
            keys: The keys that sign and verify. To replace a key without rejecting a single token,
                let the new key verify everywhere, then let it sign everywhere, then remove the old
                key when `lifetime` has passed. A set whose keys take turns does all of this by the
                clock.
            issuer: The claim `iss`, compared exactly.
            audience: The claim `aud`, compared exactly.
            lifetime: timedelta > 0, whole seconds.
            former_issuer: Another issuer whose tokens are accepted, or None.
            remembered: How many tokens to cache, >= 0. The least recently used one is evicted.
        """
        self._form = CompactForm(keys)
        self._claims = Claims(
            issuer=issuer,
            audience=audience,
            lifetime=lifetime,
            is_public=keys.is_public,
            former_issuer=former_issuer,
        )
        self._read = lru_cache(remembered)(self._read_anew)  # does not cache exceptions

    @override
    def issue(self, principal: Principal, now: datetime) -> AccessToken:
        encoded = self._form.sign(self._claims.write(principal, now), now).decode()
        return AccessToken(encoded=encoded, expires_in=self._claims.lifetime)

    @override
    def verify(self, encoded: str, now: datetime) -> Principal:
        return self._valid(encoded, now).principal

    @override
    def exchange(self, encoded: str, audience: str, now: datetime) -> AccessToken:
        presented = self._valid(encoded, now)
        left = timedelta(seconds=presented.expires_at - int(now.timestamp()))
        lifetime = min(self._claims.lifetime, left)
        payload = self._claims.write_for(audience, presented.principal, now, lifetime)
        return AccessToken(encoded=self._form.sign(payload, now).decode(), expires_in=lifetime)

    def _valid(self, encoded: str, now: datetime) -> VerifiedClaims:
        if len(encoded) > MAX_LENGTH or not encoded.isascii():
            raise AccessTokenInvalidError
        claims = self._read(encoded)
        if not claims.holds(now.timestamp()):
            raise AccessTokenStaleError
        return claims

    def _read_anew(self, encoded: str) -> VerifiedClaims:
        payload, accepted_until = self._form.open(encoded.encode())
        claims = self._claims.read(payload)
        if accepted_until is None or claims.expires_at <= accepted_until:
            return claims
        return replace(claims, expires_at=accepted_until)
