"""What a worker does in these tests, in a process of its own."""

import os
import signal
from multiprocessing.connection import Connection

from latchkey.adapters.shared_memory import NoBlockError, claim

CELLS = 3


def count(path: str, times: int, parent: Connection) -> None:
    """Claim a block, count in its last cell, and hold it until the parent says so."""
    try:
        cells = claim(path, CELLS)
    except NoBlockError:
        parent.send("no block")
        return
    for _ in range(times):
        cells[-1] += 1
    parent.send("counted")
    parent.recv()
    os.kill(os.getpid(), signal.SIGKILL)
