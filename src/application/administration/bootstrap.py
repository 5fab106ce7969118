"""Make the first administrator (docs/flow.md, B1 to B3)."""

from dataclasses import dataclass

from latchkey.application.administration.new_user import NewUser
from latchkey.domain.accounts.errors import BootstrapDisabledError
from latchkey.domain.accounts.password import Password, PasswordBlocklist, PasswordHasher
from latchkey.domain.accounts.user import Role, User
from latchkey.domain.audit.event import AuditAction, RequestSource, event
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.unit_of_work import UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class BootstrapCommand:
    """A wish to become the first administrator, as typed."""

    email: str
    name: str
    password: Password
    source: RequestSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Bootstrap:
    """Make an administrator where there is none; one, whoever else tries."""

    is_allowed: bool
    blocklist: PasswordBlocklist
    hasher: PasswordHasher
    units: UnitsOfWork
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
        user = new.to_user(Role.ADMIN, now)
        async with self.units.begin() as unit:
            await unit.users.add_first_admin(user, password_hash)  # B2
            await unit.audit.append(
                event(AuditAction.ADMIN_BOOTSTRAPPED, now, command.source, user_id=user.id)
            )
            await unit.commit()
        return user
