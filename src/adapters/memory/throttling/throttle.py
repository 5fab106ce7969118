"""Counts of hits, in memory."""

import asyncio
from datetime import datetime, timedelta
from typing import TypeAlias

from typing_extensions import override

from latchkey.domain.throttling.throttle import Count, Counting, Throttle

Key: TypeAlias = tuple[str, tuple[str, ...]]


class MemoryThrottle(Throttle):
    """Keeps one instant for each count: when it expires."""

    def __init__(self) -> None:
        """Start with no hits."""
        self._expires_at: dict[Key, datetime] = {}

    @override
    async def hit(self, *counts: Count, now: datetime) -> timedelta | None:
        await asyncio.sleep(0)
        for count in counts:
            wait = count.rate.wait(self._expires_at.get(_key(count)), now)
            if wait is not None:
                return wait
            if count.counting is not Counting.SUCCESSES:
                self._hit(count, now)
        return None

    @override
    async def refund(self, *counts: Count, now: datetime) -> None:
        await asyncio.sleep(0)
        for count in counts:
            if count.counting is not Counting.SUCCESSES:
                self._refund(count)

    @override
    async def succeed(self, *counts: Count, now: datetime) -> None:
        await asyncio.sleep(0)
        for count in counts:
            match count.counting:
                case Counting.OWN:
                    self._expires_at.pop(_key(count), None)
                case Counting.SHARED:
                    self._refund(count)
                case Counting.SUCCESSES:
                    self._hit(count, now)

    @override
    async def prune(self, now: datetime, *, limit: int) -> int:
        await asyncio.sleep(0)
        expired = [key for key, at in self._expires_at.items() if at <= now][:limit]
        for key in expired:
            del self._expires_at[key]
        return len(expired)

    def _hit(self, count: Count, now: datetime) -> None:
        expires_at = self._expires_at.get(_key(count))
        self._expires_at[_key(count)] = count.rate.counted(expires_at, now)

    def _refund(self, count: Count) -> None:
        if _key(count) in self._expires_at:
            self._expires_at[_key(count)] -= count.rate.interval


def _key(count: Count) -> Key:
    return count.purpose, count.parts
