"""What the server is given: Latchkey on PostgreSQL, which isn't there, but for the orders."""

from pathlib import Path

import httpx
import pytest

from adapters.sqlite_orders import SqliteOrderRepository
from entrypoints import asgi
from latchkey.testing.environ import ENVIRON
from latchkey.testing.factories import OrderFactory
from latchkey.testing.tokens import access_token
from latchkey.testing.transport import asgi_transport


@pytest.mark.anyio
async def test_the_orders_come_from_where_the_shop_keeps_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nowhere")
    order = OrderFactory.build()
    await SqliteOrderRepository(Path("orders.db")).add(order)
    bearer = {"Authorization": f"Bearer {access_token(user_id=order.user_id)}"}

    async with httpx.AsyncClient(transport=asgi_transport(asgi.create())) as client:
        response = await client.get("http://localhost/api/orders", headers=bearer)

    assert [item["id"] for item in response.json()["items"]] == [str(order.id)]
