"""How many passwords may wait for a thread, and how many of those for one client."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from threading import Lock
from typing import Final, NamedTuple

from latchkey.domain.accounts.errors import PasswordHasherBusyError

_AT_LEAST: Final = 1.0  # seconds until a client may return


class Load(NamedTuple):
    """How much a hasher has to do.

    Attributes:
        hashing: How many passwords are hashed.
        waiting: How many wait for a thread.
        seconds: How long the last hash took; 0 before the first one.
    """

    hashing: int
    waiting: int
    seconds: float


class FairQueue:
    """Counts passwords that are hashed or wait for it. May be used by several threads.

    Each client has a share of the places, so that one client that asks for too much is refused
    while others still find a place.

    Attributes:
        seconds: How long the last hash took; 0 before the first one.
    """

    def __init__(self, workers: int, waiting: int, share: int | None) -> None:
        """Begin with an empty queue.

        Args:
            workers: The number of passwords that are hashed at once, >= 1.
            waiting: The number of further passwords that may wait, >= 0.
            share: The number of places that one client may have, >= 1; None for all of them.
        """
        self.seconds = 0.0
        self._workers = workers
        self._places = workers + waiting
        self._share = self._places if share is None else share
        self._lock = Lock()
        self._taken = 0
        self._of: Counter[str] = Counter()

    def enter(self, clients: Sequence[str]) -> None:
        """Take a place.

        Args:
            clients: For whom; none for an operator or an administrator.

        Raises:
            PasswordHasherBusyError: No place is left, or one of the clients has its share. Says
                how long it takes until those who wait now have been served.
        """
        with self._lock:
            has_share = any(self._of[client] >= self._share for client in clients)
            if self._taken >= self._places or has_share:
                seconds = self._taken * self.seconds / self._workers
                raise PasswordHasherBusyError(timedelta(seconds=max(_AT_LEAST, seconds)))
            self._taken += 1
            self._of.update(clients)

    @property
    def load(self) -> "Load":
        """How much there is to do."""
        taken = self._taken
        hashing = min(taken, self._workers)
        return Load(hashing=hashing, waiting=taken - hashing, seconds=self.seconds)

    def leave(self, clients: Sequence[str]) -> None:
        """Give a place back that was taken for these clients."""
        with self._lock:
            self._taken -= 1
            self._of.subtract(clients)
            for client in clients:
                if self._of[client] <= 0:
                    del self._of[client]
