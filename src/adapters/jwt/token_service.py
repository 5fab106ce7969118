"""The token service on PyJWT."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from typing_extensions import override

from latchkey.adapters.jwt.claims import Claims, VerifiedClaims
from latchkey.adapters.jwt.signer import Signer
from latchkey.domain.sessions.access_token import AccessToken, Principal, TokenService
from latchkey.domain.sessions.errors import AccessTokenInvalidError

MAX_LENGTH: Final = 8192
REMEMBERED: Final = 4096  # tokens; 4 to 6 MB


class JwtTokenService(TokenService):
    """Issues and verifies JWTs: HS256, one or several secrets.

    A key's header has one spelling, so a presented header is looked up, never parsed. That ends
    every game with `alg`, `typ`, `crit`, `jwk`, `jku`, `x5u`, `b64` or `zip`, and a `kid` that
    is not ours, before anything is decoded; and no key is tried that the header doesn't name.

    Refusing costs no more than accepting what is new: what is not signed is never parsed. What is
    ours is remembered, so that a token is only read anew when it hasn't been seen for long;
    whether it holds is judged each time. A forgery is never remembered, and pushes nothing out.

    Source: RFC 8725, sections 3.1, 3.9 to 3.11.
    """

    def __init__(
        self,
        secrets: Sequence[str | bytes],
        issuer: str,
        audience: str,
        lifetime: timedelta,
        *,
        remembered: int = REMEMBERED,
    ) -> None:
        """Prepare the keys.

        Args:
            secrets: One or more, each of 32 bytes or more. The first signs, all verify. To
                replace one without refusing a single token: append the new one everywhere,
                then move it to the front everywhere, then drop the old one once `lifetime`
                has passed.
            issuer: The claim `iss`, exactly.
            audience: The claim `aud`, exactly.
            lifetime: timedelta > 0, whole seconds.
            remembered: How many tokens to remember, >= 0; one more takes the place of the one
                that wasn't seen for longest.

        Raises:
            ValueError: There is no secret, or one is too short.
            jwt.InvalidKeyError: A secret is a key of another kind.
        """
        signers = [Signer(secret) for secret in secrets]
        if not signers:
            raise ValueError("access tokens need a secret")
        self._signer = signers[0]
        self._signers = {signer.header: signer for signer in signers}
        self._claims = Claims(issuer=issuer, audience=audience, lifetime=lifetime)
        self._read = lru_cache(remembered)(self._read_anew)  # keeps no exceptions

    @override
    def issue(self, principal: Principal, now: datetime) -> AccessToken:
        encoded = self._signer.sign(self._claims.write(principal, now)).decode()
        return AccessToken(encoded=encoded, expires_in=self._claims.lifetime)

    @override
    def verify(self, encoded: str, now: datetime) -> Principal:
        if len(encoded) > MAX_LENGTH or not encoded.isascii():
            raise AccessTokenInvalidError
        statement = self._read(encoded)
        if not statement.holds(now.timestamp()):
            raise AccessTokenInvalidError
        return statement.principal

    def _read_anew(self, encoded: str) -> VerifiedClaims:
        compact = encoded.encode()
        signer = self._signers.get(compact.partition(b".")[0])
        if signer is None:
            raise AccessTokenInvalidError
        return self._claims.read(signer.open(compact))
