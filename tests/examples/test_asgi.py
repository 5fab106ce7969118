"""The service on PostgreSQL, which isn't there, but for the orders, which are in SQLite."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Final

import httpx
import pytest

from examples import asgi
from examples.sqlite_orders import SqliteOrderRepository
from latchkey.adapters.memory import MemoryStorage
from latchkey.adapters.system import SystemClock
from latchkey.domain.sessions.access_token import Principal
from latchkey.entrypoints.container import Container
from latchkey.entrypoints.settings import from_env
from latchkey.testing.factories import OrderFactory, PrincipalFactory

ENVIRON: Final = {
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nowhere",
    "JWT_SECRET": "6vJ0mXq3sPz8LwYb1cRk5nTf7hDg2uEa",
}


def bearer(principal: Principal) -> dict[str, str]:
    storage = MemoryStorage(SystemClock())
    tokens = Container(settings=from_env(ENVIRON), storage=storage).tokens()
    token = tokens.issue(principal, storage.clock.now())
    return {"Authorization": f"Bearer {token.encoded}"}


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as database:
        monkeypatch.setattr(sqlite3, "connect", lambda _: database)
        yield database


@pytest.mark.anyio
async def test_the_orders_come_from_where_the_team_keeps_them(
    database: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    principal = PrincipalFactory.build()
    order = OrderFactory.build(user_id=principal.id)
    await SqliteOrderRepository(database).add(order)
    transport = httpx.ASGITransport(asgi.create())  # type: ignore[arg-type] # spelt out by litestar

    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answer = await client.get("/api/orders", headers=bearer(principal))

    assert [item["id"] for item in answer.json()["items"]] == [str(order.id)]
