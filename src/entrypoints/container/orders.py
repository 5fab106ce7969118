"""How the use cases of the sample resource are built."""

from latchkey.application.orders.list_orders import ListOrders
from latchkey.domain.storage import Storage


def list_orders(storage: Storage) -> ListOrders:
    """Build `ListOrders`."""
    return ListOrders(orders=storage.orders)
