"""What goes wrong while browsers work."""

import asyncio
import time
from collections import defaultdict
from random import Random
from typing import Final

import psutil

from harness.nodes import Node
from harness.service import Service
from soak.tally import Tally

_EVERY: Final = (3.0, 7.0)  # s between two faults
_AWAY: Final = (0.1, 2.0)  # s that PostgreSQL is away, and as long as it takes to start
_CRASH_LOOP: Final = 8.0  # s; the server ends itself if a worker dies so soon after its start
_SAMPLE: Final = 1.0  # s
MEBIBYTE: Final = 1 << 20


class Faults:
    """Kills workers and PostgreSQL, and watches how the workers' memory grows."""

    def __init__(self, service: Service, node: Node, tally: Tally, chance: Random) -> None:
        """Have a service at one's mercy."""
        self._parent = psutil.Process(service.process.pid)
        self._node = node
        self._tally = tally
        self._chance = chance
        self._memory: defaultdict[int, list[int]] = defaultdict(list)

    async def rage(self, has_ended: asyncio.Event) -> None:
        """Kill something every few seconds; PostgreSQL runs in the end."""
        number = 0
        while not await _ends(has_ended, self._chance.uniform(*_EVERY)):
            number += 1
            await (self._kill_postgres() if number % 3 == 0 else self._kill_a_worker())

    async def watch(self, has_ended: asyncio.Event) -> None:
        """Note the memory of each worker."""
        while not await _ends(has_ended, _SAMPLE):
            for worker in self._workers():
                self._memory[worker.pid].append(worker.memory_info().rss)

    def growth(self) -> tuple[int, float]:
        """Tell how much the worker that lived longest has grown since it was warm.

        Returns:
            Seconds of its life, and MiB by which it grew in the last two thirds of them.
        """
        longest = max(self._memory.values(), key=len)
        warm = longest[len(longest) // 3]
        return len(longest), (longest[-1] - warm) / MEBIBYTE

    async def _kill_a_worker(self) -> None:
        """The younger one, so that the older one has time to grow."""
        oldest_first = sorted(self._workers(), key=psutil.Process.create_time)
        for worker in oldest_first[1:]:
            if time.time() - worker.create_time() > _CRASH_LOOP:
                worker.kill()
                self._tally.count("workers killed")

    async def _kill_postgres(self) -> None:
        await asyncio.to_thread(self._node.kill)
        self._tally.count("times that PostgreSQL was killed")
        await asyncio.sleep(self._chance.uniform(*_AWAY))
        await asyncio.to_thread(self._node.server.ensure_running)

    def _workers(self) -> list[psutil.Process]:
        return [child for child in self._parent.children() if child.is_running()]


async def _ends(has_ended: asyncio.Event, seconds: float) -> bool:
    """Wait, but no longer than to the end."""
    try:
        async with asyncio.timeout(seconds):
            return await has_ended.wait()
    except TimeoutError:
        return False
