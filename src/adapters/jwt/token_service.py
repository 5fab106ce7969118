"""The token service: issues, verifies and caches access tokens."""

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
    `now` each time. A rejected token is never cached, so it cannot evict a good one.

    Source: RFC 8725, sections 3.1, 3.9 to 3.11.
    """

    def __init__(
        self,
        keys: KeySet,
        issuer: str,
        audience: str,
        lifetime: timedelta,
        *,
        remembered: int = REMEMBERED,
    ) -> None:
        """Prepare the keys.

        Args:
            keys: The keys that sign and verify. To replace a key without rejecting a single token,
                let the new key verify everywhere, then let it sign everywhere, then remove the old
                key when `lifetime` has passed.
            issuer: The claim `iss`, compared exactly.
            audience: The claim `aud`, compared exactly.
            lifetime: timedelta > 0, whole seconds.
            remembered: How many tokens to cache, >= 0. The least recently used one is evicted.
        """
        self._form = CompactForm(keys)
        self._claims = Claims(issuer=issuer, audience=audience, lifetime=lifetime)
        self._read = lru_cache(remembered)(self._read_anew)  # does not cache exceptions

    @override
    def issue(self, principal: Principal, now: datetime) -> AccessToken:
        encoded = self._form.sign(self._claims.write(principal, now)).decode()
        return AccessToken(encoded=encoded, expires_in=self._claims.lifetime)

    @override
    def verify(self, encoded: str, now: datetime) -> Principal:
        if len(encoded) > MAX_LENGTH or not encoded.isascii():
            raise AccessTokenInvalidError
        claims = self._read(encoded)
        if not claims.holds(now.timestamp()):
            raise AccessTokenStaleError
        return claims.principal

    def _read_anew(self, encoded: str) -> VerifiedClaims:
        return self._claims.read(self._form.open(encoded.encode()))
