"""The port that keeps mails until they are sent."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime

from latchkey.domain.mail.mail import Mail, MailId


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A mail that one sender has claimed.

    Attributes:
        attempts: How often the mail was claimed, this time included. It tells this claim from
            earlier and later ones of the same mail.
    """

    mail: Mail
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """The mails that wait to be sent.

    Attributes:
        mails: How many there are, without those that were given up.
        oldest_at: When the oldest of them was written, aware UTC datetime, or None if there is
            none.
    """

    mails: int
    oldest_at: datetime | None


class Outbox(ABC):
    """Keeps mails until they are sent or given up.

    A mail is added in the unit of work of what it tells: so there is no change without its mail,
    and no mail without its change.
    """

    @abstractmethod
    async def add(self, *mails: Mail) -> None:
        """Store mails that are due at once, all of them or none."""

    @abstractmethod
    async def replace(self, mail: Mail) -> None:
        """Store a mail that is due at once, instead of those like it that nobody has tried.

        These are the mails of the same kind to the same recipient (by canonical address) that were
        never claimed. Of concurrent calls with mails like each other, one mail is left.
        """

    @abstractmethod
    async def claim(self, now: datetime, *, until: datetime, limit: int) -> tuple[Claim, ...]:
        """Claim mails that are due; if there are more, those that have been due longest.

        Nobody else can claim them before `until`; then they are due again, so that a sender that
        died loses none. Of concurrent calls, each mail is claimed by one. A mail of a kind that
        this release does not know is left for one that does.

        Args:
            now: Mails that are due at this instant or earlier are claimed.
            until: When the claims end, aware UTC datetime.
            limit: The maximum number of mails, >= 1.
        """

    @abstractmethod
    async def remove(self, mail_id: MailId) -> bool:
        """Remove a mail that was sent, whoever has claimed it.

        Returns:
            Whether it was there.
        """

    @abstractmethod
    async def postpone(self, claim: Claim, until: datetime) -> bool:
        """Make a claimed mail due again at an instant.

        Returns:
            Whether the claim was still the mail's last. If not, nothing has changed.
        """

    @abstractmethod
    async def give_up(self, claim: Claim, failure: str) -> bool:
        """Keep a claimed mail for the operator, but never claim it again.

        Args:
            claim: The mail.
            failure: Why, in a few words without any value of the mail.

        Returns:
            Whether the claim was still the mail's last. If not, nothing has changed.
        """

    @abstractmethod
    async def prune(self, created_before: datetime, *, limit: int) -> int:
        """Delete at most `limit` mails that were given up and are older than an instant.

        Returns:
            How many were deleted; 0 while another process prunes.
        """

    @abstractmethod
    async def backlog(self) -> Backlog:
        """Return which mails wait, claimed or not."""
