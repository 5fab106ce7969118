"""The service that only checks access tokens."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from domain.spending import spent
from entrypoints.spending import Spending
from latchkey.adapters.memory import MemoryStorage
from latchkey.adapters.system import SystemClock
from latchkey.domain.orders.order import OrderStatus
from latchkey.testing.factories import OrderFactory
from latchkey.testing.service import Account, InProcessService
from latchkey.testing.tokens import Flaw, access_token


@pytest.fixture
def client(latchkey_service: InProcessService) -> httpx.AsyncClient:
    tokens, orders = latchkey_service.container.tokens(), latchkey_service.storage.orders
    app: Any = Spending(tokens=tokens, orders=orders, clock=SystemClock())
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.example")


def test_only_what_was_paid_is_spent() -> None:
    paid, cancelled = (
        OrderFactory.build(status=status, total_cents=1_000)
        for status in (OrderStatus.PAID, OrderStatus.CANCELLED)
    )

    assert spent([paid, cancelled, paid]) == {"EUR": 2_000}


@pytest.mark.anyio
async def test_a_customer_sees_what_they_have_spent(
    client: httpx.AsyncClient, latchkey_storage: MemoryStorage
) -> None:
    user_id = uuid4()
    order = OrderFactory.build(user_id=user_id, status=OrderStatus.PAID, total_cents=1_250)
    await latchkey_storage.orders.add(order)
    bearer = {"Authorization": f"Bearer {access_token(user_id=user_id)}"}

    response = await client.get("/", headers=bearer)

    assert response.json() == {"EUR": 1_250}


@pytest.mark.anyio
@pytest.mark.parametrize("flaw", Flaw)
async def test_a_token_that_is_not_valid_is_refused(client: httpx.AsyncClient, flaw: Flaw) -> None:
    bearer = {"Authorization": f"Bearer {access_token(flaw=flaw)}"}

    response = await client.get("/", headers=bearer)

    assert response.status_code == 401


@pytest.mark.anyio
async def test_a_token_of_somebody_who_has_logged_in_is_good(
    client: httpx.AsyncClient, latchkey_service: InProcessService, latchkey_user: Account
) -> None:
    bearer = {"Authorization": f"Bearer {latchkey_service.access_token(latchkey_user)}"}

    response = await client.get("/", headers=bearer)

    assert response.status_code == 200
