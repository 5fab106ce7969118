"""Statements that show which server process answers, and how one falls silent."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from sqlalchemy import func, literal_column, select, text

from latchkey.adapters.postgres.engine.access import Access
from latchkey.adapters.postgres.engine.statement import Statement

LIMIT: Final = timedelta(seconds=0.3)  # for a statement

READ: Final = Statement(select(func.pg_backend_pid().label("pid")), is_read=True)
CHANGE: Final = Statement(select(func.pg_backend_pid().label("pid")))
SLEEP: Final = Statement(select(func.pg_sleep(literal_column("9"))))
WRITE: Final = Statement(text("INSERT INTO throttle_counts SELECT now(), '' LIMIT 0"))


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
