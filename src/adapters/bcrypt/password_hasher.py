"""The password hasher on bcrypt, in threads that never get in the event loop's way."""

import asyncio
import os
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from threading import BoundedSemaphore
from typing import Any, Final, TypeVar

from typing_extensions import override

from latchkey.adapters.bcrypt import stored_hash
from latchkey.adapters.bcrypt.stored_hash import StoredHash
from latchkey.domain.accounts.errors import PasswordHasherBusyError
from latchkey.domain.accounts.password import Password, PasswordHash, PasswordHasher

T = TypeVar("T")

_NICENESS: Final = 1  # the larger share is the event loop's; a larger one yet is the logins' loss


class BcryptPasswordHasher(PasswordHasher):
    """Hashes at most `workers` passwords at once, and lets at most `queue` more wait.

    One worker for each process of the service, and a process for each core, make at most one
    hash a core. Nothing coordinates the processes beyond that: a lock among them would have to
    survive a crash of its holder, to save what a process for each core gives already.

    A check always does the work of a hash of the configured cost. So neither an unknown account
    nor an old hash of a lower cost can be told by the time it takes (2^10 + 2^10 + 2^11 = 2^12).
    A stored hash of a higher cost than the configured one takes longer: lower `rounds` with
    care.

    Source: Provos and Mazières, A Future-Adaptable Password Scheme, USENIX 1999.
    """

    def __init__(self, rounds: int, workers: int, queue: int) -> None:
        """Start nothing yet: threads begin with the first password.

        Args:
            rounds: The binary logarithm of the work for one hash, 4 to 31.
            workers: Threads, >= 1.
            queue: How many passwords may wait beyond those being hashed, >= 0.
        """
        self._rounds = rounds
        self._places = BoundedSemaphore(workers + queue)
        self._pool = ThreadPoolExecutor(workers, "bcrypt", initializer=_step_back)

    def close(self) -> None:
        """End the threads, after the hashes that are under way; cancel those that wait."""
        self._pool.shutdown(cancel_futures=True)

    @override
    async def hash(self, password: Password) -> PasswordHash:
        text = password.reveal()
        return PasswordHash(await self._run(lambda: stored_hash.make(text, self._rounds)))

    @override
    async def verify(self, password: Password, expected: PasswordHash | None) -> bool:
        stored = None
        if expected is not None and password.is_acceptable:
            stored = StoredHash.parse(expected.encoded)
        return await self._run(lambda: self._check(password.reveal(), stored))

    @override
    def is_outdated(self, stored: PasswordHash) -> bool:
        found = StoredHash.parse(stored.encoded)
        return found is None or found.version != "2b" or found.cost < self._rounds

    def _check(self, text: str, stored: StoredHash | None) -> bool:
        if stored is None or not stored.admits(text):
            stored_hash.spend(self._rounds)
            return False
        is_right = stored.matches(text)
        for cost in range(stored.cost, self._rounds):
            stored_hash.spend(cost)
        return is_right

    async def _run(self, work: Callable[[], T]) -> T:
        """Do work in a thread, in a place that is given back when it ended or never began.

        Whoever waits may give up; work that has begun keeps its place until it is done.
        """
        if not self._places.acquire(blocking=False):
            raise PasswordHasherBusyError
        try:
            future = self._pool.submit(work)
        except RuntimeError:  # it is closed, or the machine has no thread to give
            self._places.release()
            raise PasswordHasherBusyError from None
        future.add_done_callback(self._leave)
        return await asyncio.wrap_future(future)

    def _leave(self, _: Future[Any]) -> None:
        self._places.release()


def _step_back() -> None:
    """Lower the priority of the calling thread alone, where there is such a thing.

    Source: nice(2), "C library/kernel differences": on Linux it is an attribute of threads;
    elsewhere it would be the whole process.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            os.nice(_NICENESS)
