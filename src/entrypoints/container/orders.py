"""Factories for the sample resource."""

from latchkey.application.orders.list_orders import ListOrders
from latchkey.domain.storage import Storage


def list_orders(storage: Storage) -> ListOrders:
    return ListOrders(orders=storage.orders)
