"""Read the account of the signed-in user (docs/flow.md, F56)."""

from dataclasses import dataclass

from latchkey.application.accounts.current_user import CurrentUser
from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.accounts.user import User
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.links.judge import Standing, judge_link
from latchkey.domain.links.user_links import UserLinkRepository
from latchkey.domain.sessions.access_token import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAccount:
    """What a user may know of their own account.

    Attributes:
        pending_email: The address that the account gets when the link sent there is used, or
            None if no such link is good.
    """

    user: User
    pending_email: EmailAddress | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAccount:
    """Read the account of the signed-in user, and the address that it may change to."""

    current_user: CurrentUser
    links: UserLinkRepository
    clock: Clock

    async def __call__(self, by: Principal) -> OwnAccount:
        """Return the account as stored now.

        Raises:
            AccessTokenStaleError: The session has ended, or the user's role has changed.
        """
        user = await self.current_user(by)
        found = await self.links.change_of(user.id)
        token = found.link.token if found else None
        if found is None or judge_link(found, token, self.clock.now()) is not Standing.GOOD:
            return OwnAccount(user=user, pending_email=None)
        return OwnAccount(user=user, pending_email=found.link.email)
