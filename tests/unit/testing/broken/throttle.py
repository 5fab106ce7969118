"""Throttles that count too much, too little, or for the wrong client."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from latchkey.adapters.memory.throttling import MemoryThrottle
from latchkey.testing.ports import ThrottleSuite
from unit.testing.broken.fault import Fault

ADMIT, HIT = MemoryThrottle.admit, MemoryThrottle.hit
REFUND, CLEAR = MemoryThrottle.refund, MemoryThrottle.clear


def _changed(change: Callable[[Any], Any]) -> dict[str, Callable[..., Any]]:
    """Change each count before anything is done with it."""

    async def hit(self: Any, *counts: Any, now: Any) -> Any:
        return await HIT(self, *map(change, counts), now=now)

    async def refund(self: Any, *counts: Any, now: Any) -> None:
        await REFUND(self, *map(change, counts), now=now)

    async def clear(self: Any, *counts: Any, now: Any, grant: Any = None) -> None:
        await CLEAR(self, *map(change, counts), now=now, grant=grant)

    return {"hit": hit, "refund": refund, "clear": clear}


def _hit(*, races: bool = False, hits_refused: bool = False) -> Callable[..., Any]:
    async def hit(self: Any, *counts: Any, now: Any) -> Any:
        counted = list(self._not_exempt(counts, now))
        keys = [(type(count), count.purpose, count.parts) for count in counted]
        known = [self._expires_at.get(key) for key in keys]
        waits = [each.rate.wait(at, now) for each, at in zip(counted, known, strict=True)]
        if races:
            await asyncio.sleep(0)
        refused = next((wait for wait in waits if wait is not None), None)
        if refused is None or hits_refused:
            for key, count, at in zip(keys, counted, known, strict=True):
                self._expires_at[key] = count.rate.counted(at, now)
        return refused

    return hit


def _admit(*, is_exempt: bool) -> Callable[..., Any]:
    async def admit(self: Any, *counts: Any, now: Any) -> Any:
        return replace(await ADMIT(self, *counts, now=now), is_exempt=is_exempt)

    return admit


async def _hit_last_first(self: Any, *counts: Any, now: Any) -> Any:
    return await HIT(self, *counts[::-1], now=now)


async def _hit_the_first_only(self: Any, *counts: Any, now: Any) -> Any:
    return await HIT(self, *counts[:1], now=now)


async def _do_nothing(_self: Any, *_counts: Any, **_others: Any) -> None:
    """Take nothing back, and grant nothing."""


async def _clear_without_a_grant(self: Any, *counts: Any, now: Any, grant: Any = None) -> None:
    del grant
    await CLEAR(self, *counts, now=now)


async def _clear_one_hit(self: Any, *counts: Any, now: Any, grant: Any = None) -> None:
    await REFUND(self, *counts, now=now)
    await CLEAR(self, now=now, grant=grant)


async def _clear_shared_counts(self: Any, *counts: Any, now: Any, grant: Any = None) -> None:
    unshared = [replace(count, is_shared=False) for count in counts]
    await CLEAR(self, *unshared, now=now, grant=grant)


async def _clear_everything(self: Any, *counts: Any, now: Any, grant: Any = None) -> None:
    self._expires_at.clear()
    await CLEAR(self, *counts, now=now, grant=grant)


def _pruned(ahead: timedelta, *, limited: bool = True) -> Callable[..., Any]:
    async def prune(self: Any, now: Any, *, limit: int) -> int:
        gone = [key for key, until in self._expires_at.items() if until <= now + ahead]
        gone = gone[:limit] if limited else gone
        for key in gone:
            del self._expires_at[key]
        return len(gone)

    return prune


async def _prune_nothing(_self: Any, _now: Any, *, limit: int) -> int:
    return limit - limit


def _with_parts(change: Callable[[str], str]) -> dict[str, Callable[..., Any]]:
    return _changed(lambda count: replace(count, parts=tuple(map(change, count.parts))))


def faults() -> Iterator[Fault]:
    """Break the throttle."""

    def broken(name: str, **methods: Callable[..., Any]) -> Fault:
        return Fault.of(f"TheThrottle{name}", ThrottleSuite, MemoryThrottle, **methods)

    yield broken("HitsTheFirstCountOnly", hit=_hit_the_first_only)
    yield broken("HitsTheLastCountFirst", hit=_hit_last_first)
    yield broken("Races", hit=_hit(races=True))
    yield broken("HitsWhatIsFull", hit=_hit(hits_refused=True))
    yield broken("IgnoresPurposes", **_changed(lambda count: replace(count, purpose="")))
    yield broken("IgnoresExemptions", **_changed(lambda count: replace(count, exemption=None)))
    yield broken("ExemptsNobody", admit=_admit(is_exempt=False))
    yield broken("ExemptsEverybody", admit=_admit(is_exempt=True))
    yield broken("FoldsCase", **_with_parts(str.casefold))
    yield broken("StripsParts", **_with_parts(str.strip))
    yield broken("RefundsNothing", refund=_do_nothing)
    yield broken("ClearsNothing", clear=_do_nothing)
    yield broken("ClearsOneHitOnly", clear=_clear_one_hit)
    yield broken("ClearsSharedCounts", clear=_clear_shared_counts)
    yield broken("ClearsOtherCounts", clear=_clear_everything)
    yield broken("GrantsNothing", clear=_clear_without_a_grant)
    yield broken("PrunesWhatCounts", prune=_pruned(timedelta(seconds=1)))
    yield broken("PrunesWithoutLimit", prune=_pruned(timedelta(0), limited=False))
    yield broken("PrunesNothing", prune=_prune_nothing)
