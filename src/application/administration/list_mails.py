"""List the mails of the outbox (docs/flow.md, F73 and ML15)."""

from dataclasses import dataclass

from latchkey.application.accounts.current_user import CurrentUser
from latchkey.domain.kernel.page import Page, Position
from latchkey.domain.mail.queue import MailQueue, MailStatus, QueuedMail
from latchkey.domain.sessions.access_token import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMails:
    """List mails that are not sent, after checking that the administrator still is one."""

    current_user: CurrentUser
    mail_queue: MailQueue

    async def __call__(
        self, principal: Principal, status: MailStatus, *, after: Position | None, limit: int
    ) -> Page[QueuedMail]:
        """List mails, newest first. None of them has its link or its text.

        Raises:
            AccessTokenStaleError: The session has ended, or the user's role has changed.
        """
        await self.current_user(principal)
        return await self.mail_queue.page(status, after=after, limit=limit)
