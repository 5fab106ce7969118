"""The port that tells when another copy of the storage took over."""

from abc import ABC, abstractmethod
from datetime import datetime


class Takeovers(ABC):
    """Knows when the storage was last taken over by another copy of itself.

    A copy that takes over, such as a promoted standby or a recovered backup, may lack the newest
    commits of the copy that served before.
    """

    @abstractmethod
    async def latest(self, now: datetime) -> datetime | None:
        """Return when the present copy was first seen, if another copy had been seen before it.

        All commits that the present copy lacks were made before this instant. Concurrent and later
        calls return the same instant, until another copy takes over.

        Args:
            now: The time of the call. The instant to return if no call has seen this copy before.

        Returns:
            Aware UTC datetime, or None if no takeover is known: there was none, nobody has asked
            before it, or this storage cannot tell its copies apart.

        Raises:
            StorageUnavailableError: The storage did not respond.
        """
