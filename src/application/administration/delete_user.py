"""Delete the account of a user (docs/flow.md, AC5)."""

from dataclasses import dataclass

from latchkey.application.accounts.erase_account import erase_account
from latchkey.application.mail.notices import Notices
from latchkey.domain.accounts.user import UserId
from latchkey.domain.audit.event import (
    COMMAND_LINE,
    AuditAction,
    RequestSource,
    event,
    session_ended,
)
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.kernel.errors import NotFoundError
from latchkey.domain.mail.mail import MailKind
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.unit_of_work import UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteUser:
    """Erase a user for an operator, and end all of their sessions and links: all or nothing."""

    units: UnitsOfWork
    notices: Notices
    clock: Clock

    async def __call__(self, user_id: UserId, source: RequestSource) -> None:
        """Delete the account. On return the user cannot log in, and the address is free.

        Raises:
            NotFoundError: There is no such user.
            LastAdminError: The user is the only enabled administrator.
            StorageUnavailableError: It is unknown whether the account was deleted.
        """
        now, reason = self.clock.now(), EndReason.ACCOUNT_DELETED
        async with self.units.begin() as unit:
            await unit.users.lock_administration()
            await unit.users.lock(user_id)
            user = await unit.users.find(user_id)
            if user is None:
                raise NotFoundError
            ended = await erase_account(unit, user_id, now)
            await self.notices.write(unit, MailKind.ACCOUNT_DELETED, user, now)
            deleted = AuditAction.USER_DELETED
            await unit.audit.append(
                event(deleted, now, source, user_id=user_id, by=COMMAND_LINE),
                *session_ended(now, source, reason, user_id, *ended, by=COMMAND_LINE),
            )
            await unit.commit()
