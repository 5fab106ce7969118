"""A password hasher that runs bcrypt in threads, so that it never blocks the event loop."""

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from time import perf_counter
from typing import Any, Final, TypeVar

from typing_extensions import override

from latchkey.adapters.bcrypt import stored_hash
from latchkey.adapters.bcrypt.fair_queue import FairQueue, Load
from latchkey.adapters.bcrypt.stored_hash import StoredHash
from latchkey.domain.accounts.errors import PasswordHasherBusyError
from latchkey.domain.accounts.password import Password, PasswordHash, PasswordHasher

T = TypeVar("T")

_NICENESS: Final = 1  # the event loop goes first; a higher value slows logins down


class BcryptPasswordHasher(PasswordHasher):
    """Hashes at most `workers` passwords at once, and queues at most `queue` more.

    One client has at most `share` of these places.

    With one thread in each process and one process for each core, each core runs at most one hash.
    The processes are not coordinated further: a lock between them would have to survive a crash of
    its holder, and would gain nothing.

    `verify` always does the work of one hash of the configured cost for each spelling, of which
    there are two at most. If the stored hash has a lower cost, the rest of that work is done, too
    (2^10 + 2^10 + 2^11 = 2^12). So the time reveals neither that an account is unknown nor that a
    hash is old. A stored hash of a higher cost takes longer, so be careful when you lower `rounds`.

    Source: Provos and Mazières, A Future-Adaptable Password Scheme, USENIX 1999.
    """

    def __init__(self, rounds: int, workers: int, queue: int, share: int | None = None) -> None:
        """Create a hasher. Its threads start with the first passwords.

        Args:
            rounds: The binary logarithm of the work for one hash, 4 to 31.
            workers: The number of threads, >= 1.
            queue: The maximum number of passwords that wait for a thread, >= 0.
            share: The maximum number of passwords that are hashed or wait for one client, >= 1;
                None for as many as there are places.
        """
        self._rounds = rounds
        self._queue = FairQueue(workers, queue, share)
        self._pool = ThreadPoolExecutor(workers, "bcrypt", initializer=_lower_priority)

    @property
    def load(self) -> Load:
        """How much there is to do."""
        return self._queue.load

    def close(self) -> None:
        """Finish the hashes in flight, cancel the queued ones, and end the threads."""
        self._pool.shutdown(cancel_futures=True)

    @override
    async def hash(self, password: Password) -> PasswordHash:
        text = password.reveal()
        return PasswordHash(await self._run(lambda: stored_hash.make(text, self._rounds)))

    @override
    async def verify(
        self, password: Password, expected: PasswordHash | None, clients: Sequence[str] = ()
    ) -> bool:
        stored = StoredHash.parse(expected.encoded) if expected else None
        return await self._run(lambda: self._check(password.spellings, stored), clients)

    @override
    def is_outdated(self, stored: PasswordHash, password: Password) -> bool:
        found = StoredHash.parse(stored.encoded)
        if found is None or found.version != "2b" or found.cost < self._rounds:
            return True
        return not found.covers(password.reveal())

    def _check(self, spellings: tuple[str, ...], stored: StoredHash | None) -> bool:
        if stored is None or not spellings:
            for _ in spellings or ("",):
                stored_hash.spend(self._rounds)
            return False
        matches = [self._compare(spelling, stored) for spelling in spellings]
        return any(matches)

    def _compare(self, spelling: str, stored: StoredHash) -> bool:
        is_right = stored.matches(spelling)
        for cost in range(stored.cost, self._rounds):
            stored_hash.spend(cost)
        return is_right

    async def _run(self, work: Callable[[], T], clients: Sequence[str] = ()) -> T:
        """Run work in a thread.

        A place is taken until the work has ended or is cancelled in the queue. Cancelling the
        caller does not stop work that has started, so that work keeps its place.
        """
        self._queue.enter(clients)
        try:
            future = self._pool.submit(self._timed, work)
        except RuntimeError:  # closed, or no thread can be started
            self._queue.leave(clients)
            raise PasswordHasherBusyError from None
        future.add_done_callback(partial(self._leave, clients))
        return await asyncio.wrap_future(future)

    def _timed(self, work: Callable[[], T]) -> T:
        start = perf_counter()
        result = work()
        self._queue.seconds = perf_counter() - start
        return result

    def _leave(self, clients: Sequence[str], _: Future[Any]) -> None:
        self._queue.leave(clients)


def _lower_priority() -> None:
    """Lower the priority of the calling thread, on Linux only.

    Source: nice(2), "C library/kernel differences": on Linux each thread has its own priority;
    elsewhere this would lower the priority of the whole process.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            os.nice(_NICENESS)
