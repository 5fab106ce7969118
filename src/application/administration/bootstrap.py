"""Create the first administrator (docs/flow.md, B1 to B3)."""

from dataclasses import dataclass

from latchkey.application.administration.prepare_user import NewUser, PrepareUser
from latchkey.domain.accounts.errors import BootstrapDisabledError
from latchkey.domain.accounts.user import Role, User
from latchkey.domain.audit.event import AuditAction, RequestSource, event
from latchkey.domain.unit_of_work import UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class BootstrapCommand(NewUser):
    """Request to create the first administrator."""

    source: RequestSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Bootstrap:
    """Create the first administrator. Exactly one concurrent call succeeds."""

    is_allowed: bool
    prepare_user: PrepareUser
    units: UnitsOfWork

    async def __call__(self, command: BootstrapCommand) -> User:
        """Create the administrator and record it in the audit log.

        Raises:
            BootstrapDisabledError: Bootstrap is not allowed on this deployment.
            InvalidInputError: E-mail, name or password is not acceptable.
            AlreadyBootstrappedError: An administrator exists.
            EmailTakenError: Another user has the address.
        """
        if not self.is_allowed:
            raise BootstrapDisabledError  # B1
        user, password_hash = await self.prepare_user(command, Role.ADMIN)  # B3
        async with self.units.begin() as unit:
            await unit.users.add_first_admin(user, password_hash)  # B2
            await unit.audit.append(
                event(
                    AuditAction.ADMIN_BOOTSTRAPPED,
                    user.created_at,
                    command.source,
                    user_id=user.id,
                )
            )
            await unit.commit()
        return user
