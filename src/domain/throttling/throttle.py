"""Counts of how often something is tried, and the port that keeps them.

The caller decides what is counted: logins, codes, mails to an address. The use case that is limited
defines the counts and their rates.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from latchkey.domain.throttling.rate import Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """Lets a client skip a count for some time.

    Attributes:
        purpose: What the exemption is for, such as "login.known".
        parts: Who is exempt; see `Count`.
        lifetime: How long it is in force after it was last granted, timedelta > 0.
    """

    purpose: str
    parts: tuple[str, ...] = field(repr=False)
    lifetime: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A count of hits. Two counts are the same if their purposes and parts are equal.

    Attributes:
        purpose: What is counted, such as "login.address". It belongs to one use case alone.
        parts: For whom it is counted, such as an account and an address. Any texts; hidden in
            `repr`, since a user may type a password in place of an account.
        rate: How many hits are allowed in which time.
        is_shared: Whether independent clients share the count. None of them can clear it.
        exemption: The count is skipped while this exemption is in force.
    """

    purpose: str
    parts: tuple[str, ...] = field(repr=False)
    rate: Rate
    is_shared: bool = False
    exemption: Exemption | None = None


class Throttle(ABC):
    """Counts hits for all replicas together.

    Each method is one atomic step. Concurrent calls cannot deadlock as long as all callers pass the
    counts that they share in the same order. The counts of one call must all be different.
    """

    @abstractmethod
    async def hit(self, *counts: Count, now: datetime) -> timedelta | None:
        """Hit one count after the other, until one is full.

        The first count that is full rejects the attempt. It is not hit, and the later ones are
        not touched, so a rejected client uses up nothing that belongs to others.

        Returns:
            None if no count was full; otherwise how long to wait, timedelta > 0.
        """

    @abstractmethod
    async def refund(self, *counts: Count, now: datetime) -> None:
        """Take back one hit from each count, for an attempt that was never made.

        Counts whose exemption is in force are skipped, as they were by the hit.
        """

    @abstractmethod
    async def clear(self, *counts: Count, now: datetime, grant: Exemption | None = None) -> None:
        """After a success, take back all hits from each count, but only one from a shared count.

        Counts whose exemption is in force are skipped, as they were by the hit.

        Args:
            counts: The counts of the successful attempt.
            now: The instant of the success.
            grant: An exemption to put in force, from now on.
        """

    @abstractmethod
    async def prune(self, now: datetime, *, limit: int) -> int:
        """Delete at most `limit` expired counts and exemptions.

        Returns:
            How many were deleted; 0 while another process prunes.
        """
