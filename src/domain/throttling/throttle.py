"""Counts of how often something is tried, and the port that keeps them.

The caller decides what is counted: logins, codes, mails to an address. The use case that is limited
defines the counts and their rates.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from latchkey.domain.throttling.rate import Rate


class Counting(Enum):
    """What a count counts."""

    OWN = "own"
    """The attempts of one client. A success takes all of them back."""

    SHARED = "shared"
    """The attempts of clients who may not know each other. A success takes its own one back."""

    SUCCESSES = "successes"
    """The attempts that succeed. The others only need room for one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A count of hits. Two counts are the same if their purposes and parts are equal.

    Attributes:
        purpose: What is counted, such as "login.address". It belongs to one use case alone.
        parts: For whom it is counted, such as an account and an address. Any texts; hidden in
            `repr`, since a user may type a password in place of an account.
        rate: How many hits there is room for.
        counting: Which attempts are hits.
    """

    purpose: str
    parts: tuple[str, ...] = field(repr=False)
    rate: Rate
    counting: Counting = Counting.OWN


class Throttle(ABC):
    """Counts hits for all replicas together.

    Each method is one atomic step. Concurrent calls cannot deadlock as long as all callers pass the
    counts that they share in the same order. The counts of one call must all be different.
    """

    @abstractmethod
    async def hit(self, *counts: Count, now: datetime) -> timedelta | None:
        """Hit one count after the other, until one is full.

        The first count that is full rejects the attempt. It is not hit, and the later ones are
        not touched, so a rejected client uses up nothing that belongs to others. A count of
        successes is not hit either, so attempts that are concurrent may all find room in it.

        Returns:
            None if no count was full; otherwise how long to wait, timedelta > 0.
        """

    @abstractmethod
    async def refund(self, *counts: Count, now: datetime) -> None:
        """Take back one hit from each count, for an attempt that was never made.

        Counts of successes stay as they are, since the hit did not count there.
        """

    @abstractmethod
    async def succeed(self, *counts: Count, now: datetime) -> None:
        """Count a success: see `Counting` for what that means for each count.

        A count of successes is hit even if it is full.
        """

    @abstractmethod
    async def prune(self, now: datetime, *, limit: int) -> int:
        """Delete at most `limit` counts without hits.

        Returns:
            How many were deleted; 0 while another process prunes.
        """
