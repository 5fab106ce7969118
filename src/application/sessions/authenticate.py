"""Tell who presents an access token (docs/flow.md, A1 to A4)."""

from dataclasses import dataclass

from latchkey.domain.kernel.clock import Clock
from latchkey.domain.sessions.access_token import Principal, TokenService


@dataclass(frozen=True, slots=True, kw_only=True)
class Authenticate:
    """Read an access token, without the storage."""

    tokens: TokenService
    clock: Clock

    def __call__(self, access_token: str) -> Principal:
        """Authenticate; plain computation, so it isn't awaited.

        Raises:
            AccessTokenInvalidError: It deviates in any way from what the service issues.
        """
        return self.tokens.verify(access_token, self.clock.now())
