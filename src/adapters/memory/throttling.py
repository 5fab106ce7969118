"""Counts of attempts to log in, in memory."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta

from typing_extensions import override

from latchkey.domain.throttling.rate import Rate
from latchkey.domain.throttling.throttle import STRANGERS_SHARE, LoginLimits, LoginThrottle

Count = tuple[str | None, str | None]  # account and address; None for all of them together


class MemoryLoginThrottle(LoginThrottle):
    """Keeps one instant a count: when all that was counted will be forgotten."""

    def __init__(self, limits: LoginLimits) -> None:
        """Begin with nothing counted."""
        self._limits = limits
        self._full_until: dict[Count, datetime] = {}
        self._known: set[tuple[str, str]] = set()

    @override
    async def admit(self, account: str, address: str, now: datetime) -> timedelta | None:
        await asyncio.sleep(0)
        for count, rate in self._counts(account, address):
            full_until = self._full_until.get(count)
            wait = rate.wait(full_until, now)
            if wait is not None:
                return wait
            self._full_until[count] = rate.counted(full_until, now)
        return None

    @override
    async def absolve(self, account: str, address: str, now: datetime) -> None:
        await asyncio.sleep(0)
        self._full_until.pop((account, address), None)
        for count, rate in self._counts(account, address):
            if count in self._full_until:
                self._full_until[count] -= rate.interval
        self._known.add((account, address))

    @override
    async def prune(self, now: datetime, *, limit: int) -> int:
        await asyncio.sleep(0)
        forgotten = [count for count, until in self._full_until.items() if until <= now][:limit]
        for count in forgotten:
            del self._full_until[count]
        return len(forgotten)

    def _counts(self, account: str, address: str) -> Iterator[tuple[Count, Rate]]:
        if self._limits.address is not None:
            yield (None, address), self._limits.address
        if self._limits.account is not None:
            yield (account, address), self._limits.account
            if (account, address) not in self._known:
                yield (account, None), self._limits.account.times(STRANGERS_SHARE)
