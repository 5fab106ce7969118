"""Tell who is signed in, as the storage knows it now (docs/flow.md, A5)."""

from dataclasses import dataclass

from domain.clock import Clock
from domain.errors import AccessTokenInvalidError
from domain.session import SessionPolicy, SessionRepository
from domain.token import Principal
from domain.user import User


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentUser:
    """Hold a principal against the storage: session alive, user enabled, role current."""

    sessions: SessionRepository
    clock: Clock
    policy: SessionPolicy

    async def __call__(self, principal: Principal) -> User:
        """Find the principal's user.

        Raises:
            AccessTokenInvalidError: What the token says is no longer true.
        """
        found = await self.sessions.find(principal.session_id)
        if found is None or found.over(self.clock.now(), self.policy.idle):
            raise AccessTokenInvalidError
        if (found.user.id, found.user.role) != (principal.id, principal.role):
            raise AccessTokenInvalidError
        return found.user
