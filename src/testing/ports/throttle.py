"""What a throttle promises about taking back hits, and about deleting old counts."""

import asyncio
from typing import Final

from latchkey.domain.storage import Storage
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.suite import AsyncSuite
from latchkey.testing.ports.throttle_hits import (
    DAY,
    MICROSECOND,
    ONE,
    RATE,
    SHARED,
    TWO,
    HitSuite,
    SuccessSuite,
    left,
)

LATER: Final = START + DAY


class RefundSuite(AsyncSuite):
    """A hit for an attempt that was never made is taken back."""

    async def test_one_hit_of_each_count_is_taken_back(self, storage: Storage) -> None:
        await left(storage.throttle, ONE)
        await left(storage.throttle, SHARED)

        await storage.throttle.refund(SHARED, ONE, now=START)

        assert await left(storage.throttle, ONE) == 1
        assert await left(storage.throttle, SHARED) == 1

    async def test_refunds_save_up_no_hits(self, storage: Storage) -> None:
        await storage.throttle.hit(ONE, now=START)

        for _ in range(3):
            await storage.throttle.refund(ONE, TWO, now=START)

        assert await left(storage.throttle, ONE) == RATE.count
        assert await left(storage.throttle, TWO) == RATE.count

    async def test_a_refund_of_no_counts_does_nothing(self, storage: Storage) -> None:
        await storage.throttle.refund(now=START)

        assert await storage.throttle.prune(LATER, limit=100) == 0

    async def test_of_many_hits_and_refunds_at_once_none_is_lost(self, storage: Storage) -> None:
        for _ in range(20):
            await storage.throttle.hit(SHARED, now=START)

        refunds = [storage.throttle.refund(SHARED, now=START) for _ in range(20)]
        hits = [storage.throttle.hit(SHARED, now=START) for _ in range(5)]
        await asyncio.gather(*refunds, *hits)

        assert await left(storage.throttle, SHARED) == SHARED.rate.count - 5


class TakeBackSuite(AsyncSuite):
    """After a success all hits of a client are forgotten, and no hits of others."""

    async def test_all_hits_are_taken_back(self, storage: Storage) -> None:
        await left(storage.throttle, ONE)

        await storage.throttle.succeed(ONE, now=START)

        assert await left(storage.throttle, ONE) == RATE.count

    async def test_one_hit_of_a_shared_count_is_taken_back(self, storage: Storage) -> None:
        await left(storage.throttle, SHARED)

        await storage.throttle.succeed(SHARED, now=START)

        assert await left(storage.throttle, SHARED) == 1

    async def test_other_counts_stay_as_they_are(self, storage: Storage) -> None:
        await left(storage.throttle, TWO)

        await storage.throttle.succeed(ONE, now=START)

        assert await left(storage.throttle, TWO) == 0


class ThrottlePruneSuite(AsyncSuite):
    """Counts without hits are deleted."""

    async def test_what_still_counts_is_kept(self, storage: Storage) -> None:
        await left(storage.throttle, ONE)

        pruned = await storage.throttle.prune(START + RATE.period - MICROSECOND, limit=100)

        assert pruned == 0
        assert await left(storage.throttle, ONE) == 0

    async def test_a_count_without_hits_is_deleted(self, storage: Storage) -> None:
        await left(storage.throttle, ONE)

        first = await storage.throttle.prune(START + RATE.period, limit=100)
        second = await storage.throttle.prune(START + RATE.period, limit=100)

        assert (first, second) == (1, 0)

    async def test_at_most_so_many_are_deleted(self, storage: Storage) -> None:
        await storage.throttle.hit(ONE, TWO, SHARED, now=START)

        first = await storage.throttle.prune(LATER, limit=2)
        rest = await storage.throttle.prune(LATER, limit=100)

        assert (first, rest) == (2, 1)


class ThrottleSuite(HitSuite, SuccessSuite, RefundSuite, TakeBackSuite, ThrottlePruneSuite):
    """All that a throttle promises."""
