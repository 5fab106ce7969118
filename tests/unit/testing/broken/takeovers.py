"""Takeovers that are missed, made up, or told differently to different callers."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, Final

from latchkey.adapters.memory.sessions.takeovers import MemoryTakeovers
from latchkey.testing.ports import TakeoversSuite
from unit.testing.broken.fault import Fault

HOUR: Final = timedelta(hours=1)


def _latest(
    *,
    first: Callable[[Any], Any] = lambda _now: None,
    another: Callable[[Any], Any] = lambda now: now,
    is_kept: bool = True,
    races: bool = False,
) -> Callable[..., Any]:
    async def latest(self: Any, now: Any) -> Any:
        seen = self._first_seen
        known = seen.get(self.copy)
        if self.copy in seen and is_kept:
            return known
        told = another(now) if seen else first(now)
        if races:
            await asyncio.sleep(0)
        seen[self.copy] = told
        return told

    return latest


async def _latest_of_all(self: Any, now: Any) -> Any:
    first = now if self._first_seen else None
    self._first_seen.setdefault(self.copy, first)
    return next(filter(None, self._first_seen.values()), None)


def faults() -> Iterator[Fault]:
    """Break what is told of takeovers."""

    def broken(name: str, latest: Callable[..., Any]) -> Fault:
        return Fault.of(f"Takeovers{name}", TakeoversSuite, MemoryTakeovers, latest=latest)

    yield broken("AreNeverSeen", _latest(another=lambda _now: None))
    yield broken("AreSeenAtTheStart", _latest(first=lambda now: now))
    yield broken("AreToldAnewEachTime", _latest(is_kept=False))
    yield broken("AreBackdated", _latest(another=lambda now: now - HOUR))
    yield broken("AreRounded", _latest(another=lambda now: now.replace(microsecond=0)))
    yield broken("HappenOnce", _latest_of_all)
    yield broken("Race", _latest(races=True))
