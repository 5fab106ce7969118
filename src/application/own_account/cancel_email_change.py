"""Withdraw a request for another address (docs/flow.md, EC6)."""

from dataclasses import dataclass

from latchkey.application.accounts.current_user import CurrentUser
from latchkey.domain.audit.event import AuditAction, RequestSource, event
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.sessions.access_token import Principal
from latchkey.domain.unit_of_work import UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelEmailChange:
    """Withdraw the signed-in user's link for another address. Idempotent.

    It needs no password: whoever throws a thief out must not be slowed down.
    """

    current_user: CurrentUser
    units: UnitsOfWork
    clock: Clock

    async def __call__(self, by: Principal, source: RequestSource) -> None:
        """Withdraw the link, if there is one.

        Raises:
            AccessTokenStaleError: The session has ended, or the user's role has changed.
        """
        user = await self.current_user(by)
        withdrawn = event(
            AuditAction.EMAIL_CHANGE_WITHDRAWN,
            self.clock.now(),
            source,
            user_id=user.id,
            session_id=by.session_id,
        )
        async with self.units.begin() as unit:
            if await unit.user_links.withdraw_changes(user.id):
                await unit.audit.append(withdrawn)
                await unit.commit()
