"""What a customer has spent."""

from collections import Counter
from collections.abc import Iterable

from latchkey.domain.orders.order import Order, OrderStatus

UNPAID = frozenset({OrderStatus.PENDING, OrderStatus.CANCELLED})


def spent(orders: Iterable[Order]) -> dict[str, int]:
    """Sum up the paid orders.

    Returns:
        Hundredths of each currency's unit, by its ISO 4217 code.
    """
    sums = Counter[str]()
    for order in orders:
        if order.status not in UNPAID:
            sums[order.currency] += order.total_cents
    return dict(sums)
