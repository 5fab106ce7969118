"""What happens to a deployment of several replicas, on purpose or not."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from harness.patroni import Pair
from soak.replicas import Replicas
from soak.watch import Watch

_CALM: Final = 5.0  # s, after everything is as it was
_TTL: Final = 20.0  # s, as in the file in `deploy`
_CRASH: Final = 15.0  # s of 503 at most: Patroni looks every 5 s, and promotes
_LOSS: Final = _TTL + 15.0
_PLANNED: Final = 15.0
_MIGRATION: Final = 5.0  # s: it waits for locks for 1 s at most, and those behind it as long


@dataclass(frozen=True, slots=True)
class Disturbances:
    """Does one thing after the other; the next begins when everything is as it was."""

    pair: Pair
    replicas: Replicas
    watch: Watch

    async def run(self) -> None:
        """Do everything once."""
        if self.replicas.old is not None:
            await self._do("rolling upgrade", _MIGRATION, self._upgrade)
        await self._do("rolling restart", 0.0, self.replicas.restart_each)
        await self._do("planned switchover", _PLANNED, self._switch_over)
        await self._do("PostgreSQL crashes", _CRASH, self._crash)
        await self._do("the host of the primary is lost", _LOSS, self._lose)
        await self._do("the host of the primary hangs", _LOSS, self._hang)

    async def _do(self, what: str, most: float, action: Callable[[], None]) -> None:
        with self.watch.period(what, most):
            await asyncio.to_thread(action)
            await asyncio.sleep(_CALM)

    def _upgrade(self) -> None:
        self.replicas.migrate_twice_at_once()
        self.replicas.restart_each()

    def _switch_over(self) -> None:
        self.pair.switch_over()
        self.pair.wait_until_whole()

    def _crash(self) -> None:
        leader = self.pair.leader()
        leader.crash()
        self.pair.wait_until_led_by(self.pair.other(leader))
        self.pair.wait_until_whole()

    def _lose(self) -> None:
        leader = self.pair.leader()
        leader.lose()
        self.pair.wait_until_led_by(self.pair.other(leader))
        leader.start()
        self.pair.wait_until_whole()

    def _hang(self) -> None:
        leader = self.pair.leader()
        leader.freeze()
        try:
            self.pair.wait_until_led_by(self.pair.other(leader))
        finally:
            leader.thaw()
        self.pair.wait_until_whole()
