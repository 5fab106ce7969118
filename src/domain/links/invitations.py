"""The port to the invitations that are open, as administrators see them."""

from abc import ABC, abstractmethod
from datetime import datetime

from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.accounts.user import Role
from latchkey.domain.kernel.page import Page, Position
from latchkey.domain.links.link import Link
from latchkey.domain.links.link_token import LinkId


class InvitationRepository(ABC):
    """Lists and withdraws invitations that were not used. Each method is one atomic step."""

    @abstractmethod
    async def page(self, *, now: datetime, after: Position | None, limit: int) -> Page[Link]:
        """Return the invitations that are open, newest first.

        An invitation is open if it was not used, has not expired, and no user has its address. Of
        several to one address, only the newest is returned.

        Args:
            now: The instant at which an invitation must not have expired, aware UTC.
            after: Where the previous page ended, or None for the first page.
            limit: The maximum number of invitations, 1 to 100.
        """

    @abstractmethod
    async def withdraw(self, link_id: LinkId) -> EmailAddress | None:
        """Delete an invitation that was not used, and all others to its address.

        Returns:
            Their address, or None if there is no such invitation. Then nothing has changed.
        """

    @abstractmethod
    async def withdraw_others(self, email: EmailAddress, role: Role) -> None:
        """Delete the invitations of an address that have another role and were not used."""
