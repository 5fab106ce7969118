"""What bcrypt itself does in a second, on all cores and with nothing beside it."""

import os
import time
from concurrent.futures import ProcessPoolExecutor

import bcrypt


def checks_a_second(cost: int, seconds: int) -> float:
    """Check passwords of a cost on every core for so long."""
    cores = os.cpu_count() or 1
    with ProcessPoolExecutor(cores) as pool:
        return sum(pool.map(_check, [cost] * cores, [seconds] * cores))


def _check(cost: int, seconds: int) -> float:
    stored = bcrypt.hashpw(b"password", bcrypt.gensalt(cost))
    began, done = time.monotonic(), 0
    while (now := time.monotonic()) < began + seconds:
        bcrypt.checkpw(b"password", stored)
        done += 1
    return done / (now - began)
