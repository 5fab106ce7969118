"""Try a mail again that was given up (docs/operations/mail.md)."""

from dataclasses import dataclass
from datetime import timedelta

from latchkey.domain.kernel.clock import Clock
from latchkey.domain.mail.mail import MailId
from latchkey.domain.mail.queue import MailQueue


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryMail:
    """Queue a mail again that was given up; it is tried for as long as a new mail.

    If its link is no longer good by then, it is not sent.

    Attributes:
        retry_for: How long a mail is tried, timedelta > 0.
    """

    mail_queue: MailQueue
    clock: Clock
    retry_for: timedelta

    async def __call__(self, mail_id: MailId) -> bool:
        """Queue a mail again.

        Returns:
            Whether there is such a mail, and it was given up.
        """
        now = self.clock.now()
        return await self.mail_queue.retry(mail_id, now, give_up_at=now + self.retry_for)
