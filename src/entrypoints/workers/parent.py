"""What a worker does when the process that started it has ended."""

import multiprocessing
import os
import signal
import threading
import time
from multiprocessing.process import BaseProcess
from typing import Final

PATIENCE: Final = 30  # s; how long requests in flight may take after a worker is asked to end
_POLL: Final = 1.0  # s


def end_with_parent() -> None:
    """Have this worker end when its parent has ended, however that ended.

    A parent that is killed cannot stop its workers. They would go on serving with their old
    settings and secrets, beside those of the next start. The worker then ends as on SIGTERM:
    requests in flight finish first. Does nothing in a process that multiprocessing did not start.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent,), name="parent", daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    while os.getppid() == parent.pid:
        parent.join(_POLL)  # returns at once at the end, unless a younger worker lives
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE)
    os.kill(os.getpid(), signal.SIGKILL)
