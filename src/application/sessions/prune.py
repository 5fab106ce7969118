"""Delete what nobody can ask for any more."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from latchkey.domain.kernel.clock import Clock
from latchkey.domain.sessions.session import SessionPolicy, SessionRepository
from latchkey.domain.sessions.session_id import SessionId
from latchkey.domain.throttling.throttle import LoginThrottle

BATCH: Final = 1_000  # rows in one transaction: short locks, and others get their turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """How many rows are gone."""

    sessions: int = 0
    attempts: int = 0


def _report_nothing(_pruned: Pruned) -> None:
    """Go on in silence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prune:
    """Delete old sessions and counts of login attempts, in small batches.

    A session is kept for `retention` after its absolute expiry, however it ended: so long the
    holder of one of its tokens still learns why. After that it reads as expired.
    """

    sessions: SessionRepository
    throttle: LoginThrottle
    clock: Clock
    policy: SessionPolicy
    retention: timedelta

    async def __call__(self, tell: Callable[[Pruned], None] = _report_nothing) -> Pruned:
        """Prune until nothing is left to prune, or until somebody else does.

        Args:
            tell: Is told after each batch how many rows are gone by then.

        Raises:
            StorageUnavailableError: The storage went away; the batches before it are gone.
        """
        pruned = Pruned()
        born_before = self.clock.now() - self.policy.absolute - self.retention
        last: SessionId | None = None
        while ids := await self.sessions.prune(born_before, limit=BATCH, after=last):
            last = ids[-1]
            pruned = replace(pruned, sessions=pruned.sessions + len(ids))
            tell(pruned)
        while batch := await self.throttle.prune(self.clock.now(), limit=BATCH):
            pruned = replace(pruned, attempts=pruned.attempts + batch)
            tell(pruned)
        return pruned
