"""How fast passwords may be tried, and the port that counts the attempts.

An attempt is counted in three places, one after the other; the first that is full refuses it and
the later ones aren't touched, so that nobody can use up what belongs to others:

1. the client address, over all accounts;
2. this account from this address;
3. this account from all addresses that it was never logged in from.

Whoever guesses from one place fills 2, whoever guesses from many fills 3, and the owner, whose
address is known by an earlier login, is counted in 1 and 2 alone.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from latchkey.domain.throttling.rate import Rate

STRANGERS_SHARE: Final = 5  # all strange addresses together try an account as often as five do


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginLimits:
    """How fast logins may be tried; None turns a limit off.

    Attributes:
        account: For one account from one address; all strange addresses together have
            `STRANGERS_SHARE` times as much.
        address: For one address over all accounts.
    """

    account: Rate | None
    address: Rate | None


class LoginThrottle(ABC):
    """Counts attempts to log in for all replicas together."""

    @abstractmethod
    async def admit(self, account: str, address: str, now: datetime) -> timedelta | None:
        """Count an attempt, known account or not, in one atomic step.

        Args:
            account: The canonical e-mail address that is tried, or any other text.
            address: Where the client is, as `network_of` tells.
            now: The instant of the attempt.

        Returns:
            None if it may go on; otherwise how long to wait, timedelta > 0.
        """

    @abstractmethod
    async def absolve(self, account: str, address: str, now: datetime) -> None:
        """Take back what a login that succeeded has counted, and know its address from now on.

        What failed from this address at this account is forgotten; what failed elsewhere isn't.
        """

    @abstractmethod
    async def prune(self, now: datetime, *, limit: int) -> int:
        """Delete at most `limit` counts that say nothing any more; tell how many.

        While somebody else prunes, none are.
        """
