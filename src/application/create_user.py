"""Add a user (docs/flow.md, U2)."""

from dataclasses import dataclass

from application.current_user import CurrentUser
from application.new_user import NewUser
from domain.audit import AuditAction, Caller, event
from domain.clock import Clock
from domain.password import Password, PasswordBlocklist, PasswordHasher
from domain.token import Principal
from domain.user import Role, User
from domain.work import UnitOfWork


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
    caller: Caller


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateUser:
    """Add a user on behalf of an administrator who still is one."""

    current_user: CurrentUser
    blocklist: PasswordBlocklist
    hasher: PasswordHasher
    work: UnitOfWork
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
        user = new.born(command.role, now)
        created = event(
            AuditAction.USER_CREATED,
            now,
            command.caller,
            user_id=user.id,
            role=user.role,
            by=str(command.by.id) if command.by else "command line",
        )
        async with self.work.begin() as work:
            await work.users.add(user, password_hash)
            await work.audit.append(created)
            await work.commit()
        return user
