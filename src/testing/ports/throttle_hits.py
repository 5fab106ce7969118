"""What a throttle promises about hits and exemptions."""

import asyncio
from collections.abc import Awaitable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from latchkey.domain.storage import Storage
from latchkey.domain.throttling.rate import Rate
from latchkey.domain.throttling.throttle import Count, Counting, Throttle
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.suite import AsyncSuite

MINUTE: Final = timedelta(minutes=1)
MICROSECOND: Final = timedelta(microseconds=1)
DAY: Final = timedelta(days=1)
RATE: Final = Rate(count=3, period=3 * MINUTE)

ONE: Final = Count(purpose="tea", parts=("ada",), rate=RATE)
TWO: Final = Count(purpose="tea", parts=("bob",), rate=RATE)
WIDE: Final = Count(purpose="tea", parts=("everybody",), rate=RATE.times(9))
SHARED: Final = replace(WIDE, counting=Counting.SHARED)
SUCCESSES: Final = replace(ONE, counting=Counting.SUCCESSES)

PAIRS_OF_NAMES: Final = [
    (("a", ("b",)), ("a", ("c",))),
    (("a", ("b",)), ("c", ("b",))),
    (("a", ("b",)), ("b", ("a",))),
    (("a", ()), ("a", ("",))),
    (("a", ("b",)), ("ab", ())),
    (("a", ("b", "c")), ("a", ("c", "b"))),
    (("a", ("b", "c")), ("a", ("bc",))),
    (("a", ("b", "c")), ("a", ("b\x00c",))),
    (("a", ("b", "c")), ("a", ("b1:c",))),
    (("a", ("b", "c")), ("a", ("b,c",))),
    (("a", ("é",)), ("a", ("e\u0301",))),
    (("a", ("b",)), ("a", ("B",))),
    (("a", ("b",)), ("a", (" b ",))),
    (("a", ("x" * 16_384,)), ("a", ("x" * 16_383,))),
]


async def left(throttle: Throttle, count: Count) -> int:
    """Hit a count until it is full; return how many hits that took."""
    for hits in range(count.rate.count + 1):
        if await throttle.hit(count, now=START) is not None:
            return hits
    pytest.fail(f"{count} is never full")


async def passed(hits: Iterable[Awaitable[timedelta | None]]) -> int:
    """Make hits at once and return how many were not rejected."""
    return (await asyncio.gather(*hits)).count(None)


class HitSuite(AsyncSuite):
    """Counts are hit one after the other, until one is full."""

    async def test_a_count_takes_so_many_hits(self, storage: Storage) -> None:
        waits = [await storage.throttle.hit(ONE, now=START) for _ in range(5)]

        assert waits == [None, None, None, MINUTE, MINUTE]

    async def test_a_hit_that_waits_as_told_is_taken_and_not_earlier(
        self, storage: Storage
    ) -> None:
        await left(storage.throttle, ONE)

        too_early = await storage.throttle.hit(ONE, now=START + MINUTE - MICROSECOND)
        in_time = await storage.throttle.hit(ONE, now=START + MINUTE)
        next_one = await storage.throttle.hit(ONE, now=START + MINUTE)

        assert (too_early, in_time, next_one) == (MICROSECOND, None, MINUTE)

    async def test_hits_are_forgotten_after_the_period(self, storage: Storage) -> None:
        await left(storage.throttle, ONE)

        waits = [await storage.throttle.hit(ONE, now=START + RATE.period) for _ in range(4)]

        assert waits == [None, None, None, MINUTE]

    async def test_a_hit_of_no_counts_is_never_refused(self, storage: Storage) -> None:
        assert await storage.throttle.hit(now=START) is None

    @pytest.mark.parametrize("number", range(4))
    async def test_the_first_count_that_is_full_refuses(
        self, storage: Storage, number: int
    ) -> None:
        counts = [replace(WIDE, parts=(str(each),)) for each in range(4)]
        counts[number] = full = replace(ONE, rate=Rate(count=1, period=(number + 1) * MINUTE))
        await storage.throttle.hit(full, now=START)

        wait = await storage.throttle.hit(*counts, now=START)

        spent = [WIDE.rate.count - await left(storage.throttle, count) for count in counts]
        assert wait == full.rate.period
        assert spent == [1] * number + [WIDE.rate.count] + [0] * (3 - number)

    async def test_a_count_is_the_same_whatever_it_is_hit_with(self, storage: Storage) -> None:
        await storage.throttle.hit(ONE, WIDE, now=START)
        await storage.throttle.hit(ONE, now=START)
        await storage.throttle.hit(TWO, ONE, now=START)

        assert await storage.throttle.hit(ONE, now=START) == MINUTE

    @pytest.mark.parametrize(("one", "other"), PAIRS_OF_NAMES)
    async def test_counts_with_different_purposes_or_parts_never_collide(
        self,
        storage: Storage,
        one: tuple[str, tuple[str, ...]],
        other: tuple[str, tuple[str, ...]],
    ) -> None:
        await left(storage.throttle, Count(purpose=one[0], parts=one[1], rate=RATE))

        count = Count(purpose=other[0], parts=other[1], rate=RATE)

        assert await left(storage.throttle, count) == RATE.count

    @pytest.mark.parametrize("part", ["", " ", "\x00", "\ud800", "🦊", "é", "a" * 16_384])
    async def test_any_text_is_a_part(self, storage: Storage, part: str) -> None:
        count = Count(purpose="tea", parts=(part, "x"), rate=RATE)

        assert await left(storage.throttle, count) == RATE.count

    async def test_of_many_hits_at_once_none_is_lost(self, storage: Storage) -> None:
        hits = [storage.throttle.hit(SHARED, TWO, ONE, now=START) for _ in range(20)]

        assert await passed(hits) == RATE.count
        assert await left(storage.throttle, SHARED) == SHARED.rate.count - 20


class SuccessSuite(AsyncSuite):
    """A count of successes needs room for an attempt, and counts it only if it succeeds."""

    async def test_a_hit_leaves_a_count_of_successes_alone(self, storage: Storage) -> None:
        waits = [await storage.throttle.hit(SUCCESSES, now=START) for _ in range(9)]

        assert waits == [None] * 9
        assert await left(storage.throttle, ONE) == RATE.count

    async def test_so_many_attempts_succeed(self, storage: Storage) -> None:
        for _ in range(RATE.count):
            assert await storage.throttle.hit(SUCCESSES, now=START) is None
            await storage.throttle.succeed(SUCCESSES, now=START)

        assert await storage.throttle.hit(SUCCESSES, now=START) == MINUTE
        assert await storage.throttle.hit(SUCCESSES, now=START + MINUTE) is None

    async def test_successes_beyond_the_rate_count_too(self, storage: Storage) -> None:
        for _ in range(RATE.count + 2):
            await storage.throttle.succeed(SUCCESSES, now=START)

        assert await storage.throttle.hit(SUCCESSES, now=START) == 3 * MINUTE

    async def test_a_success_after_a_pause_counts_from_then_on(self, storage: Storage) -> None:
        await storage.throttle.succeed(SUCCESSES, now=START)
        for _ in range(RATE.count):
            await storage.throttle.succeed(SUCCESSES, now=START + DAY)

        assert await storage.throttle.hit(SUCCESSES, now=START + DAY) == MINUTE

    async def test_a_full_count_of_successes_refuses_where_it_stands(
        self, storage: Storage
    ) -> None:
        for _ in range(RATE.count):
            await storage.throttle.succeed(SUCCESSES, now=START)

        wait = await storage.throttle.hit(WIDE, SUCCESSES, TWO, now=START)

        assert wait == MINUTE
        assert await left(storage.throttle, WIDE) == WIDE.rate.count - 1
        assert await left(storage.throttle, TWO) == RATE.count

    async def test_counts_after_one_of_successes_are_hit(self, storage: Storage) -> None:
        waits = [await storage.throttle.hit(SUCCESSES, TWO, now=START) for _ in range(4)]

        assert waits == [None, None, None, MINUTE]

    async def test_a_refund_leaves_a_count_of_successes_alone(self, storage: Storage) -> None:
        for _ in range(RATE.count):
            await storage.throttle.succeed(SUCCESSES, now=START)

        await storage.throttle.refund(SUCCESSES, TWO, now=START)

        assert await storage.throttle.hit(SUCCESSES, now=START) == MINUTE

    async def test_of_many_successes_at_once_none_is_lost(self, storage: Storage) -> None:
        await asyncio.gather(*(storage.throttle.succeed(SUCCESSES, now=START) for _ in range(20)))

        assert await storage.throttle.hit(SUCCESSES, now=START) == 18 * MINUTE
