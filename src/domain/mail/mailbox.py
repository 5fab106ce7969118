"""The port that shows mails which were kept instead of sent: for development."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMail:
    """A mail that was kept, as its recipient would see it.

    Attributes:
        id: 32 hexadecimal digits.
        at: When the mail was written, aware UTC datetime.
    """

    id: str
    to: str
    subject: str
    text: str
    html: str
    at: datetime


class Mailbox(ABC):
    """Shows kept mails."""

    @abstractmethod
    async def newest(self, *, to: str | None, limit: int) -> tuple[KeptMail, ...]:
        """Return the newest mails, newest first.

        Args:
            to: Only mails to exactly this address, or None for all.
            limit: The maximum number of mails, >= 1.
        """
