"""Servers go away and come back, or another one takes over; nobody restarts the service."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from harness.nodes import Node, abyss, dsn_of
from harness.postgres import kept_server
from latchkey.adapters.postgres import PostgresConfig, PostgresStorage
from latchkey.adapters.postgres.engine.connection import connect
from latchkey.adapters.postgres.migrations import migrate
from latchkey.domain.accounts.user import User
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.testing.ports.storage import added_user

pytestmark = pytest.mark.anyio

LIMIT = timedelta(seconds=0.3)  # for a host that never answers
ROOM = timedelta(seconds=5)  # for what takes no time, on a busy machine
PATIENCE = 20  # s, for what takes none of them


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with kept_server() as home:
        asyncio.run(migrate(Node(home / "postgres").dsn))
        yield home


@pytest.fixture
def primary(home: Path) -> Node:
    node = Node(home / "postgres")
    node.server.ensure_running()
    return node


@pytest.fixture
def standby(primary: Node) -> Iterator[Node]:
    node = primary.copy_to(primary.data.with_name("standby"))
    node.server.ensure_running()
    yield node
    node.server.stop()
    shutil.rmtree(node.data)


@asynccontextmanager
async def opened(*nodes: Node) -> AsyncIterator[PostgresStorage]:
    """Open adapters on several servers, in this order."""
    config = PostgresConfig(
        dsn=dsn_of(*nodes), pool_size=4, connect_timeout=ROOM, statement_timeout=ROOM
    )
    storage = PostgresStorage(config)
    await storage.open()
    try:
        yield storage
    finally:
        await storage.close()


async def replicated(standby: Node, user: User) -> None:
    """Wait until a standby has a user."""
    connection = await asyncpg.connect(standby.dsn)
    has_it = False
    async with asyncio.timeout(PATIENCE):
        while not has_it:
            has_it = await connection.fetchval("SELECT true FROM users WHERE id = $1", user.id)
    await connection.close()


async def answered(storage: PostgresStorage) -> None:
    """Ask until there is an answer; every refusal in between is the one that says so."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                return await storage.ping()
            except StorageUnavailableError:
                await asyncio.sleep(0.01)


async def test_a_server_that_was_restarted_is_found_again(primary: Node) -> None:
    async with opened(primary) as storage:
        user = await added_user(storage)
        primary.crash()
        with pytest.raises(StorageUnavailableError):
            await storage.users.by_email(user.email)

        primary.server.ensure_running()

        assert await storage.users.by_email(user.email) == user


async def test_changes_go_on_after_a_restart(primary: Node) -> None:
    async with opened(primary) as storage:
        await added_user(storage)
        primary.crash()
        with pytest.raises(StorageUnavailableError):
            await added_user(storage)

        primary.server.ensure_running()

        assert await asyncio.gather(*(added_user(storage) for _ in range(8)))


async def test_adapters_open_while_the_server_is_away_and_find_it_later(primary: Node) -> None:
    primary.crash()
    async with opened(primary) as storage:
        with pytest.raises(StorageUnavailableError):
            await storage.ping()

        primary.server.ensure_running()

        await storage.ping()


async def test_a_standby_is_not_taken_for_a_primary(primary: Node, standby: Node) -> None:
    async with opened(standby) as storage:
        with pytest.raises(StorageUnavailableError):
            await storage.ping()

    async with opened(standby, primary) as storage:
        await storage.ping()
        await added_user(storage)


async def test_a_standby_that_is_asked_for_by_name_does_not_count_as_ready(
    standby: Node,
) -> None:
    config = PostgresConfig(dsn=f"{standby.dsn}&target_session_attrs=any")
    storage = PostgresStorage(config)
    await storage.open()

    with pytest.raises(StorageUnavailableError):
        await storage.ping()

    await storage.close()


async def test_after_a_failover_everything_goes_on_at_the_new_primary(
    primary: Node, standby: Node
) -> None:
    async with opened(primary, standby) as storage:
        user = await added_user(storage)
        await replicated(standby, user)
        primary.crash()
        with pytest.raises(StorageUnavailableError):
            await added_user(storage)

        standby.promote()
        await answered(storage)

        assert await storage.users.by_email(user.email) == user
        await added_user(storage)


async def test_a_host_that_never_answers_costs_only_its_own_time(primary: Node) -> None:
    async with abyss() as port:
        dsn = f"postgresql://latchkey@/postgres?host=127.0.0.1,{primary.sockets}&port={port},5432"
        config = PostgresConfig(dsn=dsn, connect_timeout=LIMIT)

        connection = await connect(config)

    assert await connection.fetchval("SELECT true")
    await connection.close()


async def test_hosts_that_never_answer_are_given_up_one_after_the_other() -> None:
    async with abyss() as one, abyss() as other:
        dsn = f"postgresql://latchkey@127.0.0.1:{one},127.0.0.1:{other}/postgres"

        with pytest.raises(StorageUnavailableError):
            async with asyncio.timeout(PATIENCE):
                await connect(PostgresConfig(dsn=dsn, connect_timeout=LIMIT))


async def test_a_ping_takes_little_more_than_a_second_when_nobody_answers() -> None:
    async with abyss() as port:
        config = PostgresConfig(dsn=f"postgresql://latchkey@127.0.0.1:{port}/postgres", pool_size=1)
        storage = PostgresStorage(config)
        await storage.open()
        began = time.monotonic()

        with pytest.raises(StorageUnavailableError):
            await storage.ping()

        took = time.monotonic() - began
        await storage.close()
    assert took < 1.5


async def test_a_ping_does_not_queue_for_long_behind_others(primary: Node) -> None:
    storage = PostgresStorage(PostgresConfig(dsn=primary.dsn, pool_size=1))
    await storage.open()

    async with storage.units.begin():
        began = time.monotonic()
        with pytest.raises(StorageUnavailableError):
            await storage.ping()
        took = time.monotonic() - began

    await storage.close()
    assert took < 1.5


@pytest.mark.parametrize(
    "dsn", ["postgresql://u@/db?host=/nonexistent", "postgresql://u@h:1/db?sslmode=no"]
)
async def test_whatever_is_wrong_with_the_way_there_is_a_failure_of_the_storage(dsn: str) -> None:
    with pytest.raises(StorageUnavailableError):
        await connect(PostgresConfig(dsn=dsn))
