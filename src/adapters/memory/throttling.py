"""Counts of hits, in memory."""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TypeAlias

from typing_extensions import override

from latchkey.domain.throttling.throttle import Admission, Count, Exemption, Throttle

Key: TypeAlias = tuple[type, str, tuple[str, ...]]


class MemoryThrottle(Throttle):
    """Keeps one instant for each count and each exemption: when it expires."""

    def __init__(self) -> None:
        """Start with no hits."""
        self._expires_at: dict[Key, datetime] = {}

    @override
    async def admit(self, *counts: Count, now: datetime) -> Admission:
        await asyncio.sleep(0)
        counted = tuple(self._not_exempt(counts, now))
        is_exempt = len(counted) < len(counts)
        for count in counted:
            expires_at = self._expires_at.get(_key(count))
            wait = count.rate.wait(expires_at, now)
            if wait is not None:
                return Admission(wait=wait, is_exempt=is_exempt)
            self._expires_at[_key(count)] = count.rate.counted(expires_at, now)
        return Admission(wait=None, is_exempt=is_exempt)

    @override
    async def refund(self, *counts: Count, now: datetime) -> None:
        await asyncio.sleep(0)
        for count in self._not_exempt(counts, now):
            self._refund(count)

    @override
    async def clear(self, *counts: Count, now: datetime, grant: Exemption | None = None) -> None:
        await asyncio.sleep(0)
        for count in self._not_exempt(counts, now):
            if count.is_shared:
                self._refund(count)
            else:
                self._expires_at.pop(_key(count), None)
        if grant is not None:
            self._expires_at[_key(grant)] = now + grant.lifetime

    @override
    async def prune(self, now: datetime, *, limit: int) -> int:
        await asyncio.sleep(0)
        expired = [key for key, at in self._expires_at.items() if at <= now][:limit]
        for key in expired:
            del self._expires_at[key]
        return len(expired)

    def _not_exempt(self, counts: Iterable[Count], now: datetime) -> Iterator[Count]:
        for count in counts:
            exemption = count.exemption
            if exemption is None or self._expires_at.get(_key(exemption), now) <= now:
                yield count

    def _refund(self, count: Count) -> None:
        if _key(count) in self._expires_at:
            self._expires_at[_key(count)] -= count.rate.interval


def _key(entry: Count | Exemption) -> Key:
    return type(entry), entry.purpose, entry.parts
