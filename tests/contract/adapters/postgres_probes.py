"""Statements that show which server process answers, and how one falls silent."""

import asyncio
import os
import signal
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final, TypeVar

import asyncpg
from sqlalchemy import func, literal_column, select, text

from latchkey.adapters.postgres.engine.access import Access
from latchkey.adapters.postgres.engine.statement import Statement

T = TypeVar("T")

LIMIT: Final = timedelta(seconds=1)  # for a statement, on a busy machine, too
PATIENCE: Final = timedelta(seconds=20)  # for what takes no time, on a busy machine

READ: Final = Statement(select(func.pg_backend_pid().label("pid")), is_read=True)
CHANGE: Final = Statement(select(func.pg_backend_pid().label("pid")))
SLEEP: Final = Statement(select(func.pg_sleep(literal_column("9"))))
WRITE: Final = Statement(text("INSERT INTO throttle_counts SELECT now(), '' LIMIT 0"))

ARE_WAITING: Final = """
    SELECT count(*) FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


async def pid_of(access: Access) -> int:
    """Tell which server process answers."""
    [row] = await access.rows(READ)
    return int(row["pid"])


@contextmanager
def frozen(pid: int) -> Iterator[None]:
    """Have a server process neither answer nor go away, as if its machine had frozen."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


async def waiting(observer: asyncpg.Connection, step: Coroutine[None, None, T]) -> asyncio.Task[T]:
    """Begin a step, until it waits for a lock."""
    before, now = await observer.fetchval(ARE_WAITING), 0
    task = asyncio.create_task(step)
    async with asyncio.timeout(10):
        while now <= before:
            now = await observer.fetchval(ARE_WAITING)
    return task
