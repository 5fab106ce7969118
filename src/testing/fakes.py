"""Small honest stand-ins for what is slow or random, true to their ports."""

import hmac
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
    """Knows the words that it is given."""

    def __init__(self, *words: str) -> None:
        self._words = {word.casefold() for word in words}

    @override
    def contains(self, password: str) -> bool:
        return password.casefold() in self._words


class FastPasswordHasher(PasswordHasher):
    """Hashes at once and counts its work; older costs are known and outdated.

    Attributes:
        cost: What new hashes are made with; a hash of a lower one is outdated.
        works: How many passwords were hashed or verified.
        is_busy: Whether the queue of passwords is full.
    """

    def __init__(self, cost: int = 2) -> None:
        self.cost = cost
        self.works = 0
        self.is_busy = False

    @override
    async def hash(self, password: Password) -> PasswordHash:
        self._work()
        return self.hashed(password, self.cost)

    @override
    async def verify(self, password: Password, expected: PasswordHash | None) -> bool:
        self._work()
        cost, _, _ = (expected or DUMMY).encoded.partition("$")
        found = self.hashed(password, int(cost)).encoded
        is_same = hmac.compare_digest(found, (expected or DUMMY).encoded)
        return is_same and expected is not None and password.is_acceptable

    @override
    def is_outdated(self, stored: PasswordHash) -> bool:
        return int(stored.encoded.partition("$")[0]) < self.cost

    @staticmethod
    def hashed(password: Password, cost: int) -> PasswordHash:
        """Hash with any cost."""
        digest = sha256(password.reveal().encode(errors="surrogatepass")).hexdigest()
        return PasswordHash(f"{cost}${digest}")

    def _work(self) -> None:
        if self.is_busy:
            raise PasswordHasherBusyError
        self.works += 1


DUMMY: Final = PasswordHash("2$nobody")
