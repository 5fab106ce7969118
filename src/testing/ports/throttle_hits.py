"""What a throttle promises."""

import asyncio
from collections.abc import Awaitable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from latchkey.domain.storage import Storage
from latchkey.domain.throttling.rate import Rate
from latchkey.domain.throttling.throttle import Count, Exemption, Throttle
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.suite import AsyncSuite

MINUTE: Final = timedelta(minutes=1)
MICROSECOND: Final = timedelta(microseconds=1)
DAY: Final = timedelta(days=1)
RATE: Final = Rate(count=3, period=3 * MINUTE)

ONE: Final = Count(purpose="tea", parts=("ada",), rate=RATE)
TWO: Final = Count(purpose="tea", parts=("bob",), rate=RATE)
WIDE: Final = Count(purpose="tea", parts=("everybody",), rate=RATE.times(9))
SHARED: Final = replace(WIDE, is_shared=True)
FRIEND: Final = Exemption(purpose="friends", parts=("ada",), lifetime=DAY)
UNLESS_FRIEND: Final = replace(ONE, exemption=FRIEND)

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
    """Hit a count until it is full; tell how often that was possible."""
    for hits in range(count.rate.count + 1):
        if await throttle.hit(count, now=START) is not None:
            return hits
    pytest.fail(f"{count} is never full")


async def passed(hits: Iterable[Awaitable[timedelta | None]]) -> int:
    """Make hits at once and tell how many were not refused."""
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


class ExemptionSuite(AsyncSuite):
    """A count is skipped while its exemption is in force."""

    async def test_without_a_grant_a_count_is_hit(self, storage: Storage) -> None:
        assert await left(storage.throttle, UNLESS_FRIEND) == RATE.count

    async def test_an_exempt_client_neither_hits_a_count_nor_is_refused_by_it(
        self, storage: Storage
    ) -> None:
        await storage.throttle.clear(now=START, grant=FRIEND)
        await storage.throttle.hit(UNLESS_FRIEND, now=START)
        used = RATE.count - await left(storage.throttle, ONE)

        wait = await storage.throttle.hit(UNLESS_FRIEND, now=START)

        assert (used, wait) == (0, None)

    async def test_an_admission_tells_whether_a_count_was_skipped(self, storage: Storage) -> None:
        strange = await storage.throttle.admit(WIDE, UNLESS_FRIEND, now=START)
        await storage.throttle.clear(now=START, grant=FRIEND)
        counts = (WIDE, UNLESS_FRIEND)
        friend = [await storage.throttle.admit(*counts, now=START) for _ in range(30)]
        late = await storage.throttle.admit(*counts, now=START + DAY)

        assert (strange.is_exempt, late.is_exempt) == (False, False)
        assert all(admission.is_exempt for admission in friend)
        assert friend[0].wait is None
        assert friend[-1].wait is not None
        assert not (await storage.throttle.admit(now=START)).is_exempt

    async def test_the_counts_beside_one_that_is_skipped_are_hit(self, storage: Storage) -> None:
        await storage.throttle.clear(now=START, grant=FRIEND)

        wait = [await storage.throttle.hit(WIDE, UNLESS_FRIEND, TWO, now=START) for _ in range(4)]

        assert wait == [None, None, None, MINUTE]
        assert await left(storage.throttle, WIDE) == WIDE.rate.count - 4
        assert await left(storage.throttle, ONE) == RATE.count

    async def test_an_exemption_is_over_after_its_lifetime(self, storage: Storage) -> None:
        await storage.throttle.clear(now=START, grant=FRIEND)
        almost = START + DAY - MICROSECOND

        before = [await storage.throttle.hit(UNLESS_FRIEND, now=almost) for _ in range(4)]
        after = [await storage.throttle.hit(UNLESS_FRIEND, now=START + DAY) for _ in range(4)]

        assert before == [None] * 4
        assert after == [None, None, None, MINUTE]

    async def test_an_exemption_counts_from_its_last_grant(self, storage: Storage) -> None:
        await storage.throttle.clear(now=START, grant=FRIEND)
        await storage.throttle.clear(now=START + 0.9 * DAY, grant=FRIEND)

        waits = [await storage.throttle.hit(UNLESS_FRIEND, now=START + 1.8 * DAY) for _ in range(4)]

        assert waits == [None] * 4

    async def test_an_exemption_is_for_its_purpose_and_parts_alone(self, storage: Storage) -> None:
        await storage.throttle.clear(now=START, grant=replace(FRIEND, purpose="foes"))
        await storage.throttle.clear(now=START, grant=replace(FRIEND, parts=("bob",)))

        assert await left(storage.throttle, UNLESS_FRIEND) == RATE.count

    async def test_a_count_is_no_exemption_of_its_name(self, storage: Storage) -> None:
        namesake = Count(purpose=FRIEND.purpose, parts=FRIEND.parts, rate=RATE)
        await left(storage.throttle, namesake)

        assert await left(storage.throttle, UNLESS_FRIEND) == RATE.count
