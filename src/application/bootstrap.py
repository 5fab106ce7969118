"""Make the first administrator (docs/flow.md, B1 to B3)."""

from dataclasses import dataclass

from application.new_user import NewUser
from domain.audit import AuditAction, Caller, event
from domain.clock import Clock
from domain.errors import BootstrapDisabledError
from domain.password import Password, PasswordBlocklist, PasswordHasher
from domain.user import Role, User
from domain.work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class BootstrapCommand:
    """A wish to become the first administrator, as typed."""

    email: str
    name: str
    password: Password
    caller: Caller


@dataclass(frozen=True, slots=True, kw_only=True)
class Bootstrap:
    """Make an administrator where there is none; one, whoever else tries."""

    is_allowed: bool
    blocklist: PasswordBlocklist
    hasher: PasswordHasher
    work: UnitOfWork
    clock: Clock

    async def __call__(self, command: BootstrapCommand) -> User:
        """Bootstrap.

        Raises:
            BootstrapDisabledError: It isn't allowed here.
            InvalidInputError: E-mail, name or password is not acceptable.
            AlreadyBootstrappedError: There is an administrator.
            EmailTakenError: Another user has the address.
        """
        if not self.is_allowed:
            raise BootstrapDisabledError  # B1
        new = NewUser.check(
            email=command.email,
            name=command.name,
            password=command.password,
            blocklist=self.blocklist,
        )
        password_hash = await self.hasher.hash(new.password)
        now = self.clock.now()
        user = new.born(Role.ADMIN, now)
        async with self.work.begin() as work:
            await work.users.add_first_admin(user, password_hash)  # B2
            await work.audit.append(
                event(AuditAction.ADMIN_BOOTSTRAPPED, now, command.caller, user_id=user.id)
            )
            await work.commit()
        return user
