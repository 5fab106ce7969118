"""Add a user (docs/flow.md, U2)."""

from dataclasses import dataclass

from latchkey.application.accounts.current_user import CurrentUser
from latchkey.application.administration.new_user import NewUser
from latchkey.domain.accounts.password import Password, PasswordBlocklist, PasswordHasher
from latchkey.domain.accounts.user import Role, User
from latchkey.domain.audit.event import AuditAction, RequestSource, event
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.sessions.access_token import Principal
from latchkey.domain.unit_of_work import UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateUserCommand:
    """A wish to add a user, as typed.

    Attributes:
        by: The administrator who asks, or None for whoever runs the command line.
    """

    by: Principal | None
    email: str
    name: str
    password: Password
    role: Role
    source: RequestSource


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateUser:
    """Add a user on behalf of an administrator who still is one."""

    current_user: CurrentUser
    blocklist: PasswordBlocklist
    hasher: PasswordHasher
    units: UnitsOfWork
    clock: Clock

    async def __call__(self, command: CreateUserCommand) -> User:
        """Create a user.

        Raises:
            AccessTokenInvalidError: The administrator's token is no longer true.
            InvalidInputError: E-mail, name or password is not acceptable.
            EmailTakenError: Another user has the address.
        """
        if command.by is not None:
            await self.current_user(command.by)
        new = NewUser.check(
            email=command.email,
            name=command.name,
            password=command.password,
            blocklist=self.blocklist,
        )
        password_hash = await self.hasher.hash(new.password)
        now = self.clock.now()
        user = new.to_user(command.role, now)
        created = event(
            AuditAction.USER_CREATED,
            now,
            command.source,
            user_id=user.id,
            role=user.role,
            by=str(command.by.id) if command.by else "command line",
        )
        async with self.units.begin() as unit:
            await unit.users.add(user, password_hash)
            await unit.audit.append(created)
            await unit.commit()
        return user
