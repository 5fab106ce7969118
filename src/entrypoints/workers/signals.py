"""Signals that reach the service or a worker at a moment at which they would be lost."""

import asyncio
import os
import signal
from _thread import start_new_thread
from types import FrameType
from typing import Final

from granian.server.mp import MPServer
from typing_extensions import override

_ENDING: Final = (signal.SIGTERM, signal.SIGINT)


class StoppableServer(MPServer):
    """Granian with processes; it also handles a signal while it begins to wait for one.

    Python runs a handler between any two steps of the main thread. Granian's take the lock of the
    event that the main thread waits for. If the main thread has the lock at that moment, it would
    wait for itself, forever. In a thread of its own a handler waits until the lock is free.
    `Thread.start` takes locks, too.
    """

    @override
    def signal_handler_interrupt(self, *_: object) -> None:
        start_new_thread(super().signal_handler_interrupt, ())

    @override
    def signal_handler_reload(self, *_: object) -> None:
        start_new_thread(super().signal_handler_reload, ())


def reset_in_workers() -> None:
    """Have every process that is forked from now on end on SIGTERM and SIGINT at once.

    With its parent's handlers a worker that is still starting would ignore them, start to serve,
    and be killed with requests in flight when the parent stops waiting. Python forgets the signals
    that arrive between the fork and the child's first step, so they are blocked meanwhile.
    """
    os.register_at_fork(before=_block, after_in_parent=_unblock, after_in_child=_reset)


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


def _block() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)


def _unblock() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)


def _reset() -> None:
    for number in _ENDING:
        signal.signal(number, signal.SIG_DFL)
    _unblock()


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
