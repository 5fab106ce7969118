"""Delete what nobody can ask for any more."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from domain.clock import Clock
from domain.session import SessionPolicy, SessionRepository
from domain.throttle import LoginThrottle

BATCH: Final = 1_000  # rows in one transaction: short locks, and others get their turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """How many rows are gone."""

    sessions: int
    attempts: int


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

    async def __call__(self) -> Pruned:
        """Prune until nothing is left to prune.

        Raises:
            StorageUnavailableError: The storage went away; the batches before it are gone.
        """
        return Pruned(sessions=await self._prune_sessions(), attempts=await self._prune_attempts())

    async def _prune_sessions(self) -> int:
        total = 0
        born_before = self.clock.now() - self.policy.absolute - self.retention
        while batch := await self.sessions.prune(born_before, limit=BATCH):
            total += batch
        return total

    async def _prune_attempts(self) -> int:
        total = 0
        while batch := await self.throttle.prune(self.clock.now(), limit=BATCH):
            total += batch
        return total
