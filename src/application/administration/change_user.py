"""Change the role of a user, disable a user, or enable one again (docs/flow.md, AD2 to AD4)."""

from dataclasses import dataclass
from datetime import datetime

from latchkey.application.accounts.current_user import CurrentUser
from latchkey.application.administration.end_sessions import end_sessions
from latchkey.application.factors.forget_devices import forget_devices
from latchkey.application.mail.notices import Notices
from latchkey.domain.accounts.user import Role, User, UserId
from latchkey.domain.audit.event import COMMAND_LINE, AuditAction, RequestSource, event
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.kernel.errors import NotFoundError
from latchkey.domain.mail.mail import MailKind
from latchkey.domain.sessions.access_token import Principal
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.unit_of_work import UnitOfWork, UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeUserCommand:
    """Request to change a user. What is None, or is so already, stays as it is.

    Attributes:
        by: The administrator who requests it, or None for an operator on the command line.
        role: The new role.
        disabled: Whether the user shall be disabled.
    """

    by: Principal | None
    user_id: UserId
    role: Role | None = None
    disabled: bool | None = None
    source: RequestSource

    @property
    def who(self) -> str:
        """Who requests it, as the audit log names them."""
        return str(self.by.id) if self.by else COMMAND_LINE


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeUser:
    """Change a user in one transaction. If that disables the user, then end all their sessions.

    As soon as the transaction is committed, a disabled user can neither log in nor refresh,
    however many sessions are left to end. A role comes with the next refresh, and ends no session.
    """

    current_user: CurrentUser
    units: UnitsOfWork
    notices: Notices
    clock: Clock

    async def __call__(self, command: ChangeUserCommand) -> User:
        """Change a user, tell them by mail, and return them as changed.

        Raises:
            AccessTokenStaleError: The administrator's session has ended or role has changed.
            NotFoundError: There is no such user.
            LastAdminError: The user is the only enabled administrator, and would not be one.
        """
        now = self.clock.now()
        async with self.units.begin() as unit:
            await unit.users.lock_administration()
            if command.by is not None:
                await self.current_user.hold(command.by, unit)
            user = await unit.users.find(command.user_id)
            if user is None:
                raise NotFoundError
            user = await self._set_role(unit, user, command, now)
            user = await self._set_disabled(unit, user, command, now)
            await unit.commit()
        if command.disabled:
            reason, source = EndReason.USER_DISABLED, command.source
            await end_sessions(self.units, self.clock, user.id, reason, source)
        return user

    async def _set_role(
        self, unit: UnitOfWork, user: User, command: ChangeUserCommand, now: datetime
    ) -> User:
        role = command.role
        if role in {None, user.role}:
            return user
        assert role is not None  # noqa: S101 - for the type checker only
        changed = await unit.users.set_role(user.id, role)
        await self._tell(
            unit, MailKind.ROLE_CHANGED, AuditAction.ROLE_CHANGED, user, command, now, role=role
        )
        return changed or user

    async def _set_disabled(
        self, unit: UnitOfWork, user: User, command: ChangeUserCommand, now: datetime
    ) -> User:
        if command.disabled in {None, user.is_disabled}:
            return user
        if command.disabled:
            changed = await unit.users.disable(user.id, now)
            await forget_devices(unit, user.id, now, command.source)
            kind, action = MailKind.ACCOUNT_DISABLED, AuditAction.USER_DISABLED
        else:
            changed = await unit.users.enable(user.id)
            kind, action = MailKind.ACCOUNT_ENABLED, AuditAction.USER_ENABLED
        await self._tell(unit, kind, action, user, command, now)
        return changed or user

    async def _tell(  # noqa: PLR0913, PLR0917 - what a mail and an event need
        self,
        unit: UnitOfWork,
        kind: MailKind,
        action: AuditAction,
        user: User,
        command: ChangeUserCommand,
        now: datetime,
        **facts: str,
    ) -> None:
        """Write a notice to the user, and an event that says who made the change."""
        await self.notices.write(unit, kind, user, now, **facts)
        detail = {**facts, "by": command.who}
        await unit.audit.append(
            event(action, now, command.source, user_id=user.id, session_id=None, **detail)
        )
