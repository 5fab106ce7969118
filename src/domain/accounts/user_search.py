"""The port that finds users by the beginning of an address or a name."""

from abc import ABC, abstractmethod
from typing import Final

from latchkey.domain.accounts.user import User

_ASCII_LOWER: Final = {ord(letter): ord(letter.lower()) for letter in map(chr, range(65, 91))}


def folded(text: str) -> str:
    """Return a text as searches compare it: with its ASCII letters in lower case."""
    return text.translate(_ASCII_LOWER)


class UserSearch(ABC):
    """Finds users, enabled or disabled, but none who was erased.

    The cost does not grow with the number of users.
    """

    @abstractmethod
    async def beginning(self, text: str, *, limit: int) -> tuple[User, ...]:
        """Return users whose canonical address or whose name begins with a text.

        ASCII letters are the same in lower and upper case. Those found by their address come
        first, in the order of their addresses; then those found by their name alone, in the order
        of their names. Nobody is returned twice.

        Args:
            text: At least one character.
            limit: The maximum number of users, 1 to 100.
        """
