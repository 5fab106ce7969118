"""PostgreSQL allows fewer connections than the workers want."""

import asyncio
from pathlib import Path

import asyncpg
import pytest

from harness.postgres import PostgresServer, as_service
from harness.service import Installation
from production.deployment import configured


@pytest.fixture
def production(postgres_server: PostgresServer, tmp_path: Path) -> Installation:
    dsn = asyncio.run(postgres_server.create_database())
    asyncio.run(_limit_connections(dsn))
    return configured(tmp_path, as_service(dsn))


async def _limit_connections(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    name = await connection.fetchval("SELECT current_database()")
    await connection.execute(f"ALTER DATABASE {name} CONNECTION LIMIT 3")
    await connection.close()


def test_the_service_says_so_at_its_start(production: Installation) -> None:
    with production.serving(POOL_SIZE="2", TRUSTED_PROXIES="127.0.0.1") as service:
        log = service.log.read_text()

    assert "WORKERS, POOL_SIZE: 2 x 2 connections exceed the 3 that PostgreSQL allows" in log
