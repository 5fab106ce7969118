"""A SIGTERM that arrives while a worker or its parent is not ready for it."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from threading import Thread
from typing import Final

import pytest
import uvloop
from granian.constants import Interfaces

from latchkey.entrypoints.workers.signals import StoppableServer, keep_sigterm

SOON: Final = 10.0  # s
FORKING: Final = """
import os, signal, time
from latchkey.entrypoints.workers.signals import reset_in_workers

signal.signal(signal.SIGTERM, lambda *_: None)
reset_in_workers()
for _ in range(20):
    child = os.fork()
    if not child:
        time.sleep(1)
        os._exit(0)
    os.kill(child, signal.SIGTERM)
    _, status = os.waitpid(child, 0)
    print(os.WTERMSIG(status))
os.kill(os.getpid(), signal.SIGTERM)
print("the parent still has its handler")
"""


class Worker:
    """A loop with the server's handler for SIGTERM, as Granian sets it, run after run."""

    def __init__(self) -> None:
        self.loop = uvloop.new_event_loop()
        self.times_asked_to_end = 0
        keep_sigterm(self.loop)
        self.loop.add_signal_handler(signal.SIGTERM, self._handle)

    def _handle(self) -> None:
        self.times_asked_to_end += 1

    def run(self) -> None:
        """Run for a moment, some 20 iterations of the loop."""
        self.loop.run_until_complete(_some_iterations())


async def _some_iterations() -> None:
    for _ in range(20):
        await asyncio.sleep(0.001)


def send_sigterm() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


@pytest.fixture
def worker() -> Iterator[Worker]:
    before = signal.getsignal(signal.SIGTERM)
    worker = Worker()
    yield worker
    worker.loop.close()
    signal.signal(signal.SIGTERM, before)


def test_a_signal_before_the_first_run_is_handled_once(worker: Worker) -> None:
    send_sigterm()
    worker.run()
    worker.run()

    assert worker.times_asked_to_end == 1


def test_a_signal_during_a_run_is_handled_once(worker: Worker) -> None:
    worker.run()
    worker.loop.call_soon(send_sigterm)
    worker.run()
    worker.run()

    assert worker.times_asked_to_end == 1


def test_a_signal_in_the_last_iteration_of_a_run_is_handled_once(worker: Worker) -> None:
    async def last() -> None:
        send_sigterm()

    worker.run()
    worker.loop.run_until_complete(last())
    worker.run()
    worker.run()

    assert worker.times_asked_to_end == 1


def test_a_signal_between_two_runs_is_handled_once(worker: Worker) -> None:
    worker.run()
    send_sigterm()
    worker.run()
    worker.run()

    assert worker.times_asked_to_end == 1


def test_a_signal_right_after_the_fork_ends_a_worker() -> None:
    ended = subprocess.run(  # noqa: S603 - the program above
        [sys.executable, "-c", FORKING], capture_output=True, text=True, check=True
    )

    assert ended.stdout.splitlines() == ["15"] * 20 + ["the parent still has its handler"]


@pytest.mark.parametrize("noted", ["interrupt", "reload"])
def test_a_signal_while_the_parent_begins_to_wait_for_one_is_noted(noted: str) -> None:
    server = StoppableServer("an:application", interface=Interfaces.ASGI)
    handling = Thread(target=getattr(server, f"signal_handler_{noted}"), daemon=True)
    with vars(server.main_loop_interrupt)["_cond"]:  # `wait` has this lock for a moment
        handling.start()
        handling.join(SOON)

        assert not handling.is_alive()

    assert server.main_loop_interrupt.wait(SOON)
    assert getattr(server, f"{noted}_signal")
