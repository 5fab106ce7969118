"""Everything that the service needs from one storage technology."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from latchkey.domain.kernel.clock import Clock
from latchkey.domain.orders.order import OrderRepository
from latchkey.domain.sessions.takeovers import Takeovers
from latchkey.domain.throttling.throttle import Throttle
from latchkey.domain.unit_of_work import Repositories, UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Connections:
    """How busy the connections of a storage are, in this process.

    Attributes:
        size: How many there may be.
        in_use: How many are lent.
        waiting: How many callers wait for one.
    """

    size: int = 0
    in_use: int = 0
    waiting: int = 0


class Storage(Repositories, ABC):
    """The ports of one storage technology. Assigning another adapter replaces one of them.

    Replace the repositories and `units` together: a unit of work changes several repositories.

    Attributes:
        units: Begins units of work on the repositories.
        orders: The sample resource.
        throttle: Counts attempts, such as logins.
        takeovers: When another copy of this storage took over.
        clock: The time that this storage uses.
    """

    units: UnitsOfWork
    orders: OrderRepository
    throttle: Throttle
    takeovers: Takeovers
    clock: Clock

    def __init__(self, repositories: Repositories) -> None:
        """Set the repositories.

        Args:
            repositories: Each of them commits every change immediately.
        """
        super().__init__(**vars(repositories))

    @abstractmethod
    async def open(self) -> None:
        """Prepare for use. Does not fail if the storage is unreachable: it may come back."""

    @abstractmethod
    async def close(self) -> None:
        """Close every connection."""

    @abstractmethod
    async def ping(self) -> None:
        """Check that the storage responds.

        Raises:
            StorageUnavailableError: It does not respond.
        """

    def connections(self) -> Connections:
        """Return how busy the connections are; a storage without any returns zeros."""
        return Connections()
