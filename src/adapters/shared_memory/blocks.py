"""Blocks of whole numbers in memory that a parent process shares with its workers.

Each worker writes to a block of its own, so no lock is needed to count. A block outlives its
worker: the next one continues it.

                 parent creates                 workers claim
    file     ┌──────────┬──────────┬──────────┬──────────┐
    in       │ block 0  │ block 1  │ block 2  │ block 3  │   a block: `cells` numbers of 64 bits
    memory   └──────────┴──────────┴──────────┴──────────┘
    locks      worker A   worker B    free       free        a byte is locked for each block in use

The system releases the lock of a worker that ends, however it ends. So its block is free again
before anybody can replace it.
"""

import fcntl
import mmap
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_WIDTH: Final = 8  # bytes of a number


class NoBlockError(Exception):
    """There is no block to write to: the memory cannot be opened, or all blocks are in use."""


@dataclass(frozen=True, slots=True)
class SharedBlocks:
    """The parent's view of the shared memory.

    Attributes:
        path: Where a worker finds it, however the worker is started. Only processes of the same
            user can open it, and only while the parent lives.
        cells: How many numbers a block has.
        numbers: Those of all blocks, one block after the other.
    """

    path: str
    cells: int
    numbers: memoryview

    @classmethod
    @contextmanager
    def created(cls, blocks: int, cells: int) -> Iterator["SharedBlocks"]:
        """Provide new memory, in which every number is 0.

        On Linux it has no name and leaves nothing behind, even if the parent is killed.

        Args:
            blocks: The maximum number of processes that write at one time, >= 1.
            cells: How many numbers each of them writes, >= 1.
        """
        size = blocks * cells * _WIDTH
        descriptor, path, remove = _file()
        try:
            os.ftruncate(descriptor, size)
            yield cls(path, cells, memoryview(mmap.mmap(descriptor, size)).cast("q"))
        finally:
            remove()
            os.close(descriptor)

    def read(self) -> tuple[list[int], ...]:
        """Return the numbers of each block, as they are at this moment."""
        starts = range(0, len(self.numbers), self.cells)
        return tuple(self.numbers[start : start + self.cells].tolist() for start in starts)


def claim(path: str, cells: int) -> memoryview:
    """Return a block that no other process writes to, for as long as this process lives.

    Its numbers are those of the process that had it before. Must be called once in a process: the
    lock is lost if the process closes any descriptor of the file.

    Args:
        path: What the parent has.
        cells: The size of a block, as the parent knows it.

    Raises:
        NoBlockError: No block can be had.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        size = os.fstat(descriptor).st_size
        number = _locked(descriptor, size // (cells * _WIDTH))
        numbers = memoryview(mmap.mmap(descriptor, size)).cast("q")
    except (OSError, ValueError) as error:
        raise NoBlockError(str(error)) from error
    return numbers[number * cells : (number + 1) * cells]


def _locked(descriptor: int, blocks: int) -> int:
    for number in range(blocks):
        with suppress(BlockingIOError, PermissionError):  # POSIX allows either for a lock in use
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, number)
            return number
    raise NoBlockError("all blocks are in use")


def _file() -> tuple[int, str, Callable[[], None]]:
    """Create a file in memory, or in the directory for temporary files where there is none."""
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("latchkey")
        return descriptor, f"/proc/{os.getpid()}/fd/{descriptor}", lambda: None
    descriptor, path = tempfile.mkstemp(prefix="latchkey-")
    return descriptor, path, Path(path).unlink
