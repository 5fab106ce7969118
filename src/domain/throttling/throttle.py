"""Counts of how often something is tried, and the port that keeps them.

The caller decides what is counted: logins, codes, mails to an address. Which counts there are,
and at which rates, belongs to the use case that they limit.
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
        rate: How many hits there is room for.
        is_shared: Whether clients who may not know each other share it. None of them can clear it.
        exemption: The count is skipped while this exemption is in force.
    """

    purpose: str
    parts: tuple[str, ...] = field(repr=False)
    rate: Rate
    is_shared: bool = False
    exemption: Exemption | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """What became of an attempt.

    Attributes:
        wait: None if it may go on; otherwise how long to wait, timedelta > 0.
        is_exempt: Whether a count was skipped, because its exemption was in force.
    """

    wait: timedelta | None
    is_exempt: bool


class Throttle(ABC):
    """Counts hits for all replicas together.

    Each method is one atomic step. Concurrent calls cannot deadlock as long as all callers pass the
    counts that they share in the same order. The counts of one call must all be different.
    """

    @abstractmethod
    async def admit(self, *counts: Count, now: datetime) -> Admission:
        """Hit one count after the other, until one is full.

        The first count that is full rejects the attempt. It is not hit, and the later ones are
        not touched, so a rejected client uses up nothing that belongs to others.
        """

    async def hit(self, *counts: Count, now: datetime) -> timedelta | None:
        """Do as `admit` does, and return how long to wait, or None if no count was full."""
        return (await self.admit(*counts, now=now)).wait

    @abstractmethod
    async def refund(self, *counts: Count, now: datetime) -> None:
        """Take back one hit from each count, for an attempt that was never made.

        Counts whose exemption is in force are skipped, as they were by the hit.
        """

    @abstractmethod
    async def clear(self, *counts: Count, now: datetime, grant: Exemption | None = None) -> None:
        """Take back all hits from each count, but only one from a shared count, after a success.

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
