"""What a throttle promises about taking back hits, and about deleting old counts."""

import asyncio
from datetime import timedelta
from typing import Final

from latchkey.domain.storage import Storage
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.suite import AsyncSuite
from latchkey.testing.ports.throttle_hits import (
    DAY,
    FRIEND,
    MINUTE,
    ONE,
    RATE,
    SHARED,
    TWO,
    UNLESS_FRIEND,
    ExemptionSuite,
    HitSuite,
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

    async def test_a_count_that_was_skipped_is_not_refunded(self, storage: Storage) -> None:
        await left(storage.throttle, ONE)
        await storage.throttle.clear(now=START, grant=FRIEND)

        await storage.throttle.refund(UNLESS_FRIEND, TWO, now=START)

        assert await left(storage.throttle, ONE) == 0

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


class ClearSuite(AsyncSuite):
    """After a success, all hits of a client are forgotten, but no hits of others."""

    async def test_all_hits_are_taken_back(self, storage: Storage) -> None:
        await left(storage.throttle, ONE)

        await storage.throttle.clear(ONE, now=START)

        assert await left(storage.throttle, ONE) == RATE.count

    async def test_one_hit_of_a_shared_count_is_taken_back(self, storage: Storage) -> None:
        await left(storage.throttle, SHARED)

        await storage.throttle.clear(SHARED, now=START)

        assert await left(storage.throttle, SHARED) == 1

    async def test_other_counts_stay_as_they_are(self, storage: Storage) -> None:
        await left(storage.throttle, TWO)

        await storage.throttle.clear(ONE, now=START, grant=FRIEND)

        assert await left(storage.throttle, TWO) == 0

    async def test_a_count_that_was_skipped_is_not_cleared(self, storage: Storage) -> None:
        await left(storage.throttle, ONE)
        await storage.throttle.clear(now=START, grant=FRIEND)

        await storage.throttle.clear(UNLESS_FRIEND, TWO, now=START, grant=FRIEND)

        assert await left(storage.throttle, ONE) == 0

    async def test_the_first_grant_comes_after_the_hits_are_taken_back(
        self, storage: Storage
    ) -> None:
        await left(storage.throttle, UNLESS_FRIEND)

        await storage.throttle.clear(UNLESS_FRIEND, now=START, grant=FRIEND)

        assert await left(storage.throttle, ONE) == RATE.count


class ThrottlePruneSuite(AsyncSuite):
    """Counts that have no hits left are deleted, and so are expired exemptions."""

    async def test_what_still_counts_is_kept(self, storage: Storage) -> None:
        await left(storage.throttle, ONE)

        pruned = await storage.throttle.prune(START + RATE.period - MINUTE, limit=100)

        assert pruned == 0
        assert await left(storage.throttle, ONE) == 0

    async def test_a_count_without_hits_is_deleted(self, storage: Storage) -> None:
        await left(storage.throttle, ONE)

        first = await storage.throttle.prune(START + RATE.period, limit=100)
        second = await storage.throttle.prune(START + RATE.period, limit=100)

        assert (first, second) == (1, 0)

    async def test_an_exemption_is_kept_while_it_is_in_force(self, storage: Storage) -> None:
        await storage.throttle.clear(now=START, grant=FRIEND)

        early = await storage.throttle.prune(LATER - timedelta(microseconds=1), limit=100)
        in_time = await storage.throttle.prune(LATER, limit=100)

        assert (early, in_time) == (0, 1)

    async def test_at_most_so_many_are_deleted(self, storage: Storage) -> None:
        await storage.throttle.hit(ONE, TWO, SHARED, now=START)
        await storage.throttle.clear(now=START, grant=FRIEND)

        first = await storage.throttle.prune(LATER, limit=3)
        rest = await storage.throttle.prune(LATER, limit=100)

        assert (first, rest) == (3, 1)


class ThrottleSuite(HitSuite, ExemptionSuite, RefundSuite, ClearSuite, ThrottlePruneSuite):
    """All that a throttle promises. Asks for the fixture `storage`."""
