"""Signals that reach a worker while its event loop does not run."""

import asyncio
import os
import signal
from types import FrameType


def keep_sigterm(loop: asyncio.AbstractEventLoop) -> None:
    """Have a SIGTERM handled that arrives before, between or at the end of runs of a uvloop.

    Granian runs a worker's loop once to start the application and again to serve. uvloop only
    notes a signal that arrives while the loop does not run, and looks at its notes when the next
    signal arrives. Until then the worker would serve on. So another signal, SIGURG, follows each
    SIGTERM as soon as the loop runs; uvloop handles each SIGTERM once.

    Args:
        loop: The worker's event loop, on which the server sets its handler before the first run.
    """
    loop.call_soon(_follow_sigterm, loop)


def _follow_sigterm(loop: asyncio.AbstractEventLoop) -> None:
    note = signal.getsignal(signal.SIGTERM)

    def handle(number: int, frame: FrameType | None) -> None:
        if callable(note):
            note(number, frame)
        if not loop.is_closed():
            loop.call_soon_threadsafe(_send_sigurg)

    loop.add_signal_handler(signal.SIGURG, _do_nothing)
    signal.signal(signal.SIGTERM, handle)
    _send_sigurg()  # for a SIGTERM before this


def _send_sigurg() -> None:
    os.kill(os.getpid(), signal.SIGURG)


def _do_nothing() -> None:
    """Handle SIGURG, whose default is that nobody hears of it."""
