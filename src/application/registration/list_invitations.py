"""List the invitations that are open (docs/flow.md, F71 and RG10)."""

from dataclasses import dataclass

from latchkey.application.accounts.current_user import CurrentUser
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.kernel.page import Page, Position
from latchkey.domain.links.invitations import InvitationRepository
from latchkey.domain.links.link import Link
from latchkey.domain.sessions.access_token import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class ListInvitations:
    """List open invitations, after checking that the administrator still is one."""

    current_user: CurrentUser
    invitations: InvitationRepository
    clock: Clock

    async def __call__(
        self, principal: Principal, *, after: Position | None, limit: int
    ) -> Page[Link]:
        """List invitations, newest first, without their tokens.

        Raises:
            AccessTokenStaleError: The session has ended, or the user's role has changed.
        """
        await self.current_user(principal)
        return await self.invitations.page(now=self.clock.now(), after=after, limit=limit)
