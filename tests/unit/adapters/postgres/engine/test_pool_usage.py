"""What a pool tells of its connections while callers come and go."""

import asyncio
from typing import cast

import pytest

from latchkey.adapters.postgres.engine.connection import Connection
from latchkey.adapters.postgres.engine.pool import Pool
from latchkey.domain.storage import Connections

pytestmark = pytest.mark.anyio


class Line:
    """A connection that stays open."""

    def is_closed(self) -> bool:
        return False


async def connect() -> Connection:
    return cast("Connection", Line())


async def test_a_pool_tells_what_is_lent_and_who_waits() -> None:
    pool = Pool(connect, size=2, acquire_timeout=60)
    await pool.open()
    free = pool.usage()
    lent, _ = await pool.acquire(), await pool.acquire()
    waiting = [asyncio.create_task(pool.acquire()) for _ in range(3)]
    await asyncio.sleep(0)
    full = pool.usage()
    waiting[0].cancel()
    pool.release(lent)
    await waiting[1]
    served = pool.usage()
    waiting[2].cancel()
    await asyncio.wait(waiting)

    assert free == Connections(size=2, in_use=0, waiting=0)
    assert full == Connections(size=2, in_use=2, waiting=3)
    assert served == Connections(size=2, in_use=2, waiting=1)
