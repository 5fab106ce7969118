"""Throttles that count too much, too little, or for the wrong client."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from latchkey.adapters.memory.throttling.throttle import MemoryThrottle
from latchkey.domain.throttling.throttle import Counting
from latchkey.testing.ports import ThrottleSuite
from unit.testing.broken.fault import Fault

HIT, REFUND, SUCCEED = MemoryThrottle.hit, MemoryThrottle.refund, MemoryThrottle.succeed


def _changed(change: Callable[[Any], Any]) -> dict[str, Callable[..., Any]]:
    """Change each count before anything is done with it."""

    async def hit(self: Any, *counts: Any, now: Any) -> Any:
        return await HIT(self, *map(change, counts), now=now)

    async def refund(self: Any, *counts: Any, now: Any) -> None:
        await REFUND(self, *map(change, counts), now=now)

    async def succeed(self: Any, *counts: Any, now: Any) -> None:
        await SUCCEED(self, *map(change, counts), now=now)

    return {"hit": hit, "refund": refund, "succeed": succeed}


def _hit(*, races: bool = False, hits_refused: bool = False) -> Callable[..., Any]:
    async def hit(self: Any, *counts: Any, now: Any) -> Any:
        counted = [count for count in counts if count.counting is not Counting.SUCCESSES]
        keys = [(count.purpose, count.parts) for count in counted]
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


async def _hit_last_first(self: Any, *counts: Any, now: Any) -> Any:
    return await HIT(self, *counts[::-1], now=now)


async def _hit_the_first_only(self: Any, *counts: Any, now: Any) -> Any:
    return await HIT(self, *counts[:1], now=now)


async def _do_nothing(_self: Any, *_counts: Any, **_others: Any) -> None:
    """Take nothing back."""


async def _take_one_hit_back(self: Any, *counts: Any, now: Any) -> None:
    await REFUND(self, *counts, now=now)
    await SUCCEED(self, *(it for it in counts if it.counting is Counting.SUCCESSES), now=now)


async def _take_everything_back(self: Any, *counts: Any, now: Any) -> None:
    self._expires_at.clear()
    await SUCCEED(self, *counts, now=now)


def _counting(wrong: Counting, right: Counting) -> Callable[[Any], Any]:
    return lambda count: replace(count, counting=wrong) if count.counting is right else count


async def _refund_successes(self: Any, *counts: Any, now: Any) -> None:
    await REFUND(self, *(replace(count, counting=Counting.OWN) for count in counts), now=now)


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
    yield broken("HitsSuccesses", hit=_changed(_counting(Counting.OWN, Counting.SUCCESSES))["hit"])
    yield broken(
        "ForgetsSuccesses",
        succeed=_changed(_counting(Counting.OWN, Counting.SUCCESSES))["succeed"],
    )
    yield broken("RefundsSuccesses", refund=_refund_successes)
    yield broken("FoldsCase", **_with_parts(str.casefold))
    yield broken("StripsParts", **_with_parts(str.strip))
    yield broken("RefundsNothing", refund=_do_nothing)
    yield broken("TakesNothingBack", succeed=_do_nothing)
    yield broken("TakesOneHitBackOnly", succeed=_take_one_hit_back)
    yield broken(
        "TakesSharedHitsBack",
        succeed=_changed(_counting(Counting.OWN, Counting.SHARED))["succeed"],
    )
    yield broken("TakesOtherHitsBack", succeed=_take_everything_back)
    yield broken("PrunesWhatCounts", prune=_pruned(timedelta(seconds=1)))
    yield broken("PrunesWithoutLimit", prune=_pruned(timedelta(0), limited=False))
    yield broken("PrunesNothing", prune=_prune_nothing)
