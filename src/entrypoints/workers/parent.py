"""What a worker does when the process that started it has ended."""

import asyncio
import multiprocessing
import os
import signal
import threading
import time
from contextlib import suppress
from multiprocessing.process import BaseProcess
from typing import Final

PATIENCE: Final = 30  # s; how long requests in flight may take after a worker is asked to end
_POLL: Final = 1.0  # s


def end_with_parent(loop: asyncio.AbstractEventLoop) -> None:
    """Have this worker end when its parent has ended, however that ended.

    A parent that is killed cannot stop its workers. They would go on serving with their old
    settings and secrets, beside those of the next start. The worker then ends as on SIGTERM:
    requests in flight finish first. Does nothing in a process that multiprocessing did not start.

    Args:
        loop: The worker's event loop, which need not run yet.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent, loop), name="parent", daemon=True).start()


def _end_after(parent: BaseProcess, loop: asyncio.AbstractEventLoop) -> None:
    while os.getppid() == parent.pid:
        parent.join(_POLL)  # returns at once at the end, unless a younger worker lives
    # From the loop: uvloop drops a signal that arrives before it runs.
    with suppress(RuntimeError):  # the loop is closed: the worker ends already
        loop.call_soon_threadsafe(os.kill, os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE)
    os.kill(os.getpid(), signal.SIGKILL)
