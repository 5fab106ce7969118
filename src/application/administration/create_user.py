"""Create a user (docs/flow.md, U2)."""

from dataclasses import dataclass

from latchkey.application.accounts.current_user import CurrentUser
from latchkey.application.administration.prepare_user import NewUser, PrepareUser
from latchkey.domain.accounts.user import Role, User
from latchkey.domain.audit.event import COMMAND_LINE, AuditAction, RequestSource, event
from latchkey.domain.sessions.access_token import Principal
from latchkey.domain.unit_of_work import UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateUserCommand(NewUser):
    """Request to create a user.

    Attributes:
        by: The administrator who requests it, or None for an operator on the command line.
    """

    by: Principal | None
    role: Role
    source: RequestSource


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateUser:
    """Create a user, after checking that the administrator still is one."""

    current_user: CurrentUser
    prepare_user: PrepareUser
    units: UnitsOfWork

    async def __call__(self, command: CreateUserCommand) -> User:
        """Create a user.

        Raises:
            AccessTokenInvalidError: The administrator's session has ended or role has changed.
            InvalidInputError: E-mail, name or password is not acceptable.
            EmailTakenError: Another user has the address.
        """
        if command.by is not None:
            await self.current_user(command.by)
        user, password_hash = await self.prepare_user(command, command.role)
        created = event(
            AuditAction.USER_CREATED,
            user.created_at,
            command.source,
            user_id=user.id,
            role=user.role,
            by=str(command.by.id) if command.by else COMMAND_LINE,
        )
        async with self.units.begin() as unit:
            if command.by is not None:
                await self.current_user.hold(command.by, unit)  # again: the hash took its time
            await unit.users.add(user, password_hash)
            await unit.audit.append(created)
            await unit.commit()
        return user
