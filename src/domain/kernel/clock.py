"""The port that provides the current time."""

from abc import ABC, abstractmethod
from datetime import datetime


class Clock(ABC):
    """The only source of the current time. All replicas that share a storage share its time."""

    @abstractmethod
    def now(self) -> datetime:
        """Return the current instant.

        Returns:
            Aware UTC datetime. Within one process it goes back only when the clock is
            synchronised again, and only by that correction.
        """
