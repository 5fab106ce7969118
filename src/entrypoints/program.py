"""The program `latchkey`: the command line, from the first moment on ready to be ended.

Nothing heavy is imported before the handler is there. Process 1 of a container has no default
action for SIGTERM: the kernel drops the signal while no handler is installed.
"""

import signal
import sys
from types import FrameType
from typing import NoReturn


def run() -> None:
    """Run the command line. On SIGTERM clean up, and end with status 143."""
    signal.signal(signal.SIGTERM, _end)
    from latchkey.entrypoints.cli import main  # noqa: PLC0415 - takes its time

    main()


def _end(number: int, _: FrameType | None) -> NoReturn:
    signal.signal(number, signal.SIG_IGN)  # the first one is enough, and cleaning up takes time
    sys.exit(128 + number)
