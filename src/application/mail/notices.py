"""Write notices: mails that tell users what happened to their accounts (docs/flow.md, ML13)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from latchkey.domain.accounts.user import User
from latchkey.domain.mail.mail import MailKind, notice
from latchkey.domain.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """Writes notices into the outbox of the unit of work that makes the change.

    Attributes:
        is_on: Whether this deployment sends mail. If not, nothing is written.
        language: The language of all notices. An account has none of its own, and whoever made
            the change may be an attacker, who must not choose one.
        lifetime: How long a notice is tried, timedelta > 0.
    """

    is_on: bool
    language: str
    lifetime: timedelta

    async def write(
        self, unit: UnitOfWork, kind: MailKind, user: User, at: datetime, **facts: str
    ) -> None:
        """Write a notice to a user's stored address. It is sent if the unit is committed."""
        if self.is_on:
            mail = notice(kind, user, at, language=self.language, lifetime=self.lifetime, **facts)
            await unit.outbox.add(mail)
