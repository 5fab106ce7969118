"""Counts of how often something is tried, and the port that keeps them.

What is tried is the caller's business: a login, a code, a mail to an address. The policy that
says which counts there are stands beside the use case that is limited.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from latchkey.domain.throttling.rate import Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """Lets a client pass a count, for some time.

    Attributes:
        purpose: What it is for, as of a `Count`.
        parts: Who is exempt, as of a `Count`.
        lifetime: How long it is in force after it was last granted, timedelta > 0.
    """

    purpose: str
    parts: tuple[str, ...] = field(repr=False)
    lifetime: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """One count of hits. Two counts are the same if their purpose and their parts are equal.

    Attributes:
        purpose: What is counted, such as "login.address".
        parts: For whom it is counted, such as an account and an address: any texts. What a client
            types as an account may be a password, so they are hidden in `repr`.
        rate: How many hits it takes.
        is_shared: Whether clients share it who do not know each other. None of them can clear it.
        exemption: While this is in force, the count is passed over.
    """

    purpose: str
    parts: tuple[str, ...] = field(repr=False)
    rate: Rate
    is_shared: bool = False
    exemption: Exemption | None = None


class Throttle(ABC):
    """Counts hits for all replicas together.

    Each method is one atomic step, and none waits for another for good as long as all callers
    pass the counts that they have in common in the same order. A call's counts are all different.
    """

    @abstractmethod
    async def hit(self, *counts: Count, now: datetime) -> timedelta | None:
        """Hit one count after the other, until one is full.

        The first count that is full refuses. It isn't hit, and the later ones aren't touched, so
        that a client who is refused uses up nothing that belongs to others.

        Returns:
            None if no count was full; otherwise how long to wait, timedelta > 0.
        """

    @abstractmethod
    async def refund(self, *counts: Count, now: datetime) -> None:
        """Take back one hit from each count, for an attempt that was never made.

        A count whose exemption is in force stays as it is: it wasn't hit either.
        """

    @abstractmethod
    async def clear(self, *counts: Count, now: datetime, grant: Exemption | None = None) -> None:
        """Take back all hits from each count, or one hit from a shared count, after a success.

        A count whose exemption is in force stays as it is: it wasn't hit either.

        Args:
            counts: What the successful attempt has hit.
            now: The instant of the success.
            grant: Is in force from now on.
        """

    @abstractmethod
    async def prune(self, now: datetime, *, limit: int) -> int:
        """Delete at most `limit` counts without hits and exemptions that are over.

        Returns:
            How many were deleted; 0 while somebody else prunes.
        """
