"""Numbers that processes share: exact, whoever writes them and however they end."""

import multiprocessing
import os
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Final

import pytest

from latchkey.adapters.shared_memory import NoBlockError, SharedBlocks, claim
from unit.adapters.shared_memory.worker import CELLS, count

TIMES: Final = 20_000


@pytest.fixture(params=["in memory", "in a file"])
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """Where the memory is: macOS has no `memfd_create`."""
    if request.param == "in a file":
        monkeypatch.delattr(os, "memfd_create", raising=False)
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    elif not hasattr(os, "memfd_create"):
        pytest.skip("needs Linux")
    return str(request.param)


@pytest.fixture(params=["fork", "spawn"])
def start(request: pytest.FixtureRequest) -> BaseContext:
    """How workers are started: Linux has both."""
    context: BaseContext = multiprocessing.get_context(request.param)
    return context


@contextmanager
def counting(start: BaseContext, memory: SharedBlocks, times: int) -> Iterator[str]:
    """Let a worker count, keep it while the block runs, and kill it at the end.

    Yields:
        What the worker says when it has counted, or has got no block.
    """
    ours, theirs = start.Pipe()
    worker = start.Process(target=count, args=(memory.path, times, theirs))  # type: ignore[attr-defined] # every context has it
    worker.start()
    try:
        yield _received(ours)
    finally:
        ours.send(None)
        worker.join(30)


def _received(connection: Connection) -> str:
    assert connection.poll(30)
    return str(connection.recv())


def total(memory: SharedBlocks) -> int:
    return sum(block[-1] for block in memory.read())


@pytest.mark.usefixtures("kind")
def test_no_count_of_workers_at_once_is_lost(start: BaseContext) -> None:
    with SharedBlocks.created(3, CELLS) as memory:
        with (
            counting(start, memory, TIMES),
            counting(start, memory, TIMES),
            counting(start, memory, TIMES),
        ):
            assert [block[-1] for block in memory.read()] == [TIMES] * 3

        assert total(memory) == 3 * TIMES


@pytest.mark.usefixtures("kind")
def test_the_successor_of_a_killed_worker_goes_on_where_it_stopped(start: BaseContext) -> None:
    with SharedBlocks.created(1, CELLS) as memory:
        for _ in range(3):
            with counting(start, memory, 7) as said:
                assert said == "counted"

        assert memory.read() == ([0, 0, 21],)


@pytest.mark.usefixtures("kind")
def test_nobody_writes_to_a_block_that_is_in_use(start: BaseContext) -> None:
    with (
        SharedBlocks.created(1, CELLS) as memory,
        counting(start, memory, 5),
        counting(start, memory, 5) as said,
    ):
        assert said == "no block"
        assert total(memory) == 5


@pytest.mark.usefixtures("kind")
def test_memory_begins_with_zeros_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with SharedBlocks.created(2, CELLS) as memory:
        found = memory.read()

    assert found == ([0] * CELLS, [0] * CELLS)
    assert [*tmp_path.iterdir()] == []


def test_memory_that_is_gone_cannot_be_claimed(tmp_path: Path) -> None:
    with pytest.raises(NoBlockError):
        claim(str(tmp_path / "gone"), CELLS)
