"""Exchange an access token for one for another service (docs/flow.md, V1 to V3)."""

from dataclasses import dataclass, field

from latchkey.application.accounts.current_user import CurrentUser
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.sessions.access_token import AccessToken, Principal, TokenService
from latchkey.domain.sessions.errors import AudienceUnknownError


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeTokenCommand:
    """Request for a token for another service.

    Attributes:
        by: The principal of the presented token.
        presented: The token itself; hidden in `repr`.
        audience: The name of the other service.
    """

    by: Principal
    presented: str = field(repr=False)
    audience: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeToken:
    """Issue a token for one other service. The session is neither rotated nor extended.

    Attributes:
        audiences: The names of all other services.
    """

    current_user: CurrentUser
    tokens: TokenService
    clock: Clock
    audiences: frozenset[str]

    async def __call__(self, command: ExchangeTokenCommand) -> AccessToken:
        """Check the session, and return the token.

        Raises:
            AudienceUnknownError: No service has this name.
            AccessTokenStaleError: The session has ended, or the user's role has changed.
        """
        if command.audience not in self.audiences:
            raise AudienceUnknownError
        await self.current_user(command.by)
        return self.tokens.exchange(command.presented, command.audience, self.clock.now())
