"""Fakes for adapters that are slow or large. They keep the promises of their ports."""

import hmac
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from typing_extensions import override

from latchkey.domain.accounts.errors import PasswordHasherBusyError
from latchkey.domain.accounts.password import (
    Password,
    PasswordBlocklist,
    PasswordHash,
    PasswordHasher,
)


class WordList(PasswordBlocklist):
    """A password blocklist of the given words."""

    def __init__(self, *words: str) -> None:
        self._words = {word.casefold() for word in words}

    @override
    def contains(self, password: str) -> bool:
        return password.casefold() in self._words


class FastPasswordHasher(PasswordHasher):
    """Hashes at once and counts its work. Accepts hashes of any cost; lower ones are outdated.

    Attributes:
        cost: The cost of new hashes; a hash of a lower cost is outdated.
        works: How many passwords were hashed or verified.
        is_busy: Whether the queue of passwords is full.
        clients: For whom the last password was verified.
    """

    def __init__(self, cost: int = 2) -> None:
        self.cost = cost
        self.works = 0
        self.is_busy = False
        self.clients: tuple[str, ...] = ()

    @override
    async def hash(self, password: Password) -> PasswordHash:
        self._work()
        return self.hashed(password, self.cost)

    @override
    async def verify(
        self, password: Password, expected: PasswordHash | None, clients: Sequence[str] = ()
    ) -> bool:
        self._work()
        self.clients = tuple(clients)
        stored = expected or DUMMY
        cost = int(stored.encoded.partition("$")[0])
        found = [self._hashed(spelling, cost) for spelling in password.spellings]
        is_same = [hmac.compare_digest(one, stored.encoded) for one in found]
        return any(is_same) and expected is not None

    @override
    def is_outdated(self, stored: PasswordHash, password: Password) -> bool:
        return int(stored.encoded.partition("$")[0]) < self.cost

    def close(self) -> None:
        """Do nothing: there are no threads to end."""

    @staticmethod
    def hashed(password: Password, cost: int) -> PasswordHash:
        """Return the hash of a password, with any cost."""
        return PasswordHash(FastPasswordHasher._hashed(password.reveal(), cost))

    @staticmethod
    def _hashed(text: str, cost: int) -> str:
        return f"{cost}${sha256(text.encode()).hexdigest()}"

    def _work(self) -> None:
        if self.is_busy:
            raise PasswordHasherBusyError
        self.works += 1


DUMMY: Final = PasswordHash("2$nobody")
