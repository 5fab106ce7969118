"""The port through which the service learns what time it is."""

from abc import ABC, abstractmethod
from datetime import datetime


class Clock(ABC):
    """The one source of "now". All replicas that share a storage share its time."""

    @abstractmethod
    def now(self) -> datetime:
        """Tell the current instant.

        Returns:
            Aware UTC datetime. Successive calls in one process never go back by more than
            the correction of a new synchronisation.
        """
