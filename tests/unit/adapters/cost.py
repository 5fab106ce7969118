"""What a call costs in relation to another one, on a machine that has other things to do."""

import gc
from collections.abc import Callable
from contextlib import suppress
from time import thread_time
from typing import Final

from latchkey.domain.kernel.errors import LatchkeyError

MARGIN: Final = 2.0  # a refusal may cost twice as much before it counts as a lever
_CALLS: Final = 100
_ROUNDS: Final = 20


def ratio(refused: Callable[[], object], accepted: Callable[[], object]) -> float:
    """Take the CPU time of both in turns, and the fastest round of each."""
    gc.disable()
    try:
        rounds = [(_seconds(refused), _seconds(accepted)) for _ in range(_ROUNDS)]
    finally:
        gc.enable()
    return min(first for first, _ in rounds) / min(second for _, second in rounds)


def _seconds(call: Callable[[], object]) -> float:
    start = thread_time()
    for _ in range(_CALLS):
        with suppress(LatchkeyError):
            call()
    return thread_time() - start
