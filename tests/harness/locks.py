"""Locks that processes share: the kernel releases them when a process ends, however it ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path


@contextmanager
def locked(path: Path, *, shared: bool = False) -> Iterator[None]:
    """Hold a lock for the length of a block: exclusive, or shared with others who share it."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


@contextmanager
def turn(directory: Path, *, alone: bool) -> Iterator[None]:
    """Run a block beside others in other processes, or alone.

    Whoever wants to be alone stops others from beginning, so it waits only for those that have
    begun.

    Args:
        directory: The same for all processes that take turns.
        alone: Whether nothing else may run meanwhile.
    """
    with ExitStack() as running:
        with locked(directory / "next.lock"):
            running.enter_context(locked(directory / "running.lock", shared=not alone))
        yield
