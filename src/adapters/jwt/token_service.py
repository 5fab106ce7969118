"""The token service on PyJWT."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from typing_extensions import override

from adapters.jwt.claims import Claims
from adapters.jwt.signer import Signer
from domain.errors import AccessTokenInvalidError
from domain.token import AccessToken, Principal, TokenService

MAX_LENGTH: Final = 8192


class JwtTokenService(TokenService):
    """Issues and verifies JWTs: HS256, one or several secrets.

    A key's header has one spelling, so a presented header is looked up, never parsed. That ends
    every game with `alg`, `typ`, `crit`, `jwk`, `jku`, `x5u`, `b64` or `zip`, and a `kid` that
    is not ours, before anything is decoded; and no key is tried that the header doesn't name.

    Refusing costs no more than accepting: what is not signed is never parsed.

    Source: RFC 8725, sections 3.1, 3.9 to 3.11.
    """

    def __init__(
        self,
        secrets: Sequence[str | bytes],
        issuer: str,
        audience: str,
        lifetime: timedelta,
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

    @override
    def issue(self, principal: Principal, now: datetime) -> AccessToken:
        encoded = self._signer.sign(self._claims.write(principal, now)).decode()
        return AccessToken(encoded=encoded, expires_in=self._claims.lifetime)

    @override
    def verify(self, encoded: str, now: datetime) -> Principal:
        if len(encoded) > MAX_LENGTH or not encoded.isascii():
            raise AccessTokenInvalidError
        compact = encoded.encode()
        signer = self._signers.get(compact.partition(b".")[0])
        if signer is None:
            raise AccessTokenInvalidError
        return self._claims.read(signer.open(compact), now)
