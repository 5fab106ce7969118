"""Latchkey with the shop's own orders."""

import httpx
import pytest

from latchkey.adapters.memory import MemoryStorage
from latchkey.testing.factories import OrderFactory
from latchkey.testing.service import Account


@pytest.mark.anyio
async def test_customers_see_their_own_orders(
    latchkey_storage: MemoryStorage, latchkey_user: Account, latchkey_user_client: httpx.AsyncClient
) -> None:
    order = OrderFactory.build(user_id=latchkey_user.id)
    await latchkey_storage.orders.add(order, OrderFactory.build())

    response = await latchkey_user_client.get("/api/orders")

    assert [item["id"] for item in response.json()["items"]] == [str(order.id)]
