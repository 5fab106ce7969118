"""Return the signed-in user as stored now (docs/flow.md, A5)."""

from dataclasses import dataclass

from latchkey.domain.accounts.user import User
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.sessions.access_token import Principal
from latchkey.domain.sessions.errors import AccessTokenInvalidError
from latchkey.domain.sessions.session import SessionPolicy, SessionRepository


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentUser:
    """Check a principal against the storage: session active, user enabled, role unchanged."""

    sessions: SessionRepository
    clock: Clock
    policy: SessionPolicy

    async def __call__(self, principal: Principal) -> User:
        """Return the principal's user.

        Raises:
            AccessTokenInvalidError: The session has ended, or the user's role has changed.
        """
        found = await self.sessions.find(principal.session_id)
        if found is None or found.end_reason_at(self.clock.now(), self.policy.idle):
            raise AccessTokenInvalidError
        if (found.user.id, found.user.role) != (principal.id, principal.role):
            raise AccessTokenInvalidError
        return found.user
