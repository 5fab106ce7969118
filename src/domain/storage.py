"""Everything that the service asks of one storage technology."""

from abc import ABC, abstractmethod

from latchkey.domain.kernel.clock import Clock
from latchkey.domain.orders.order import OrderRepository
from latchkey.domain.throttling.throttle import Throttle
from latchkey.domain.unit_of_work import Repositories, UnitsOfWork


class Storage(Repositories, ABC):
    """The ports of one storage technology. Each can be replaced by assigning another adapter.

    Repositories change together, so they are replaced together, with `units`.

    Attributes:
        units: Begins units of work on the repositories.
        orders: The sample resource.
        throttle: Counts of what is tried.
        clock: The time that this storage goes by.
    """

    units: UnitsOfWork
    orders: OrderRepository
    throttle: Throttle
    clock: Clock

    def __init__(self, repositories: Repositories) -> None:
        """Offer these repositories; each of them commits every change by itself."""
        super().__init__(**vars(repositories))

    @abstractmethod
    async def open(self) -> None:
        """Get ready for use. Does not fail while the storage is away: it may come back."""

    @abstractmethod
    async def close(self) -> None:
        """Release every connection."""

    @abstractmethod
    async def ping(self) -> None:
        """Return if the storage answers.

        Raises:
            StorageUnavailableError: It does not.
        """
