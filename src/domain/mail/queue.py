"""The port to the mails of the outbox, as operators and administrators see them."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from latchkey.domain.kernel.page import Page, Position
from latchkey.domain.mail.mail import Mail, MailId


class MailStatus(StrEnum):
    """What is to become of a mail in the outbox.

    Attributes:
        WAITING: It is tried until it is sent or given up.
        FAILED: It was given up.
    """

    WAITING = "waiting"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedMail:
    """A mail in the outbox.

    Attributes:
        due_at: When it may be claimed, aware UTC datetime.
        attempts: How often it was claimed.
        failure: Why it was given up, or None.
    """

    mail: Mail
    due_at: datetime
    attempts: int = 0
    failure: str | None = None

    @property
    def id(self) -> UUID:
        """The identifier of the mail."""
        return self.mail.id

    @property
    def created_at(self) -> datetime:
        """When the mail was written, to the millisecond, aware UTC datetime."""
        return self.mail.created_at


class MailQueue(ABC):
    """Lists the mails of the outbox, and gives failed ones another chance."""

    @abstractmethod
    async def page(
        self, status: MailStatus, *, after: Position | None, limit: int
    ) -> Page[QueuedMail]:
        """Return mails, newest first. One of a kind that this release does not know is left out.

        Args:
            status: Whether mails that wait are wanted, or those that were given up.
            after: Where the previous page ended, or None for the first page.
            limit: The maximum number of mails, 1 to 100.
        """

    @abstractmethod
    async def retry(self, mail_id: MailId, now: datetime, *, give_up_at: datetime) -> bool:
        """Make a mail that was given up due at once.

        Args:
            mail_id: The mail.
            now: The instant from which it may be claimed, aware UTC.
            give_up_at: When it is given up again, aware UTC.

        Returns:
            Whether there is such a mail, and it was given up. If not, nothing has changed.
        """
