"""What a storage promises about takeovers by another copy of itself."""

import asyncio
from collections.abc import Awaitable, Callable

from latchkey.domain.storage import Storage
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.storage import AT_ONCE, MICROSECOND, SECOND, UTC_ONLY, offsets
from latchkey.testing.ports.suite import AsyncSuite

TakeOver = Callable[[], Awaitable[None]]


class TakeoversSuite(AsyncSuite):
    """Asks for the fixture `take_over`, too: a function that has another copy take over."""

    async def test_the_first_copy_took_over_from_none(self, storage: Storage) -> None:
        latest = [await storage.takeovers.latest(START + step * SECOND) for step in range(3)]

        assert latest == [None, None, None]

    async def test_another_copy_took_over_when_it_was_first_seen(
        self, storage: Storage, take_over: TakeOver
    ) -> None:
        await storage.takeovers.latest(START)
        seen_at = START + SECOND + MICROSECOND

        await take_over()
        latest = [await storage.takeovers.latest(seen_at + step * SECOND) for step in range(3)]

        assert latest == [seen_at, seen_at, seen_at]
        assert offsets(*filter(None, latest)) == UTC_ONLY

    async def test_the_latest_of_several_takeovers_counts(
        self, storage: Storage, take_over: TakeOver
    ) -> None:
        for step in range(3):
            await storage.takeovers.latest(START + step * SECOND)
            await take_over()

        assert await storage.takeovers.latest(START + 3 * SECOND) == START + 3 * SECOND

    async def test_a_takeover_before_anybody_asked_is_not_known(
        self, storage: Storage, take_over: TakeOver
    ) -> None:
        await take_over()

        assert await storage.takeovers.latest(START) is None

    async def test_all_who_ask_at_once_are_told_the_same(
        self, storage: Storage, take_over: TakeOver
    ) -> None:
        await storage.takeovers.latest(START)
        await take_over()

        told = await asyncio.gather(
            *(storage.takeovers.latest(START + step * SECOND) for step in range(1, AT_ONCE))
        )

        assert len(set(told)) == 1
        assert await storage.takeovers.latest(START) == told[0]
