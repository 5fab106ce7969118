"""Which modules of the suite a process runs: it takes the next one when it is done with one."""

from multiprocessing import get_context
from typing import Final, Self

CONTEXT: Final = get_context("spawn")
"""How the processes of a run are started."""


class SharedTurns:
    """Numbers from 0 on, of which each process gets others. Started processes may be given it."""

    def __init__(self) -> None:
        """Begin with 0."""
        self._next = CONTEXT.Value("i", 0)

    def __iter__(self) -> Self:
        """Return itself: each number comes once."""
        return self

    def __next__(self) -> int:
        """Return the next number that no process has got."""
        with self._next.get_lock():
            number: int = self._next.value
            self._next.value += 1
        return number
