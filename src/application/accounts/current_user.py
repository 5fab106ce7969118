"""Return the signed-in user as stored now (docs/flow.md, A5)."""

from dataclasses import dataclass

from latchkey.domain.accounts.user import User
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.sessions.access_token import Principal
from latchkey.domain.sessions.errors import AccessTokenStaleError
from latchkey.domain.sessions.session import SessionPolicy, SessionRepository
from latchkey.domain.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentUser:
    """Check a principal against the storage: session active, user enabled, role unchanged."""

    sessions: SessionRepository
    clock: Clock
    policy: SessionPolicy

    async def __call__(self, principal: Principal) -> User:
        """Return the principal's user.

        Raises:
            AccessTokenStaleError: The session has ended, or the user's role has changed.
        """
        return await self._check(principal, self.sessions)

    async def hold(self, principal: Principal, unit: UnitOfWork) -> User:
        """Return the principal's user, locked against changes until the unit of work ends.

        Raises:
            AccessTokenStaleError: The session has ended, or the user's role has changed.
        """
        await unit.users.lock(principal.id)
        return await self._check(principal, unit.sessions)

    async def _check(self, principal: Principal, sessions: SessionRepository) -> User:
        found = await sessions.find(principal.session_id)
        if found is None or found.end_reason_at(self.clock.now(), self.policy.idle):
            raise AccessTokenStaleError
        if (found.user.id, found.user.role) != (principal.id, principal.role):
            raise AccessTokenStaleError
        return found.user
