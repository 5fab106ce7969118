"""Change the own name (docs/flow.md, AC6)."""

from dataclasses import dataclass, replace

from latchkey.application.accounts.current_user import CurrentUser
from latchkey.domain.accounts.display_name import check_name
from latchkey.domain.accounts.user import User
from latchkey.domain.audit.event import AuditAction, RequestSource, event
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.sessions.access_token import Principal
from latchkey.domain.unit_of_work import UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeNameCommand:
    """Request to change the own name.

    Attributes:
        by: The signed-in user.
        name: The new name, as typed; may be any text.
    """

    by: Principal
    name: str
    source: RequestSource


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeName:
    """Change the signed-in user's name. It ends no session, and nobody signs in with a name."""

    current_user: CurrentUser
    units: UnitsOfWork
    clock: Clock

    async def __call__(self, command: ChangeNameCommand) -> User:
        """Change the name, and return the user as changed.

        The audit log has the event, but neither name: who deletes the account leaves none.

        Raises:
            InvalidInputError: The name is not acceptable.
            AccessTokenStaleError: The session has ended, or the user's role has changed.
        """
        name, by, now = check_name(command.name), command.by, self.clock.now()
        changed = AuditAction.NAME_CHANGED
        async with self.units.begin() as unit:
            user = await self.current_user.hold(by, unit)
            if name == user.name:
                return user
            await unit.users.set_name(user.id, name)
            await unit.audit.append(
                event(changed, now, command.source, user_id=user.id, session_id=by.session_id)
            )
            await unit.commit()
        return replace(user, name=name)
