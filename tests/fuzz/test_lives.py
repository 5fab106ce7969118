"""Whatever happens to sessions, in whatever order: every side answers as the document says."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import product
from typing import Final

import asyncpg
import pytest
from hypothesis.stateful import run_state_machine_as_test

from contract.flow.database import fresh_database
from contract.flow.in_process import ENVIRON, deployed
from fuzz.effort import Effort
from fuzz.lives import AROUND, BORDERS, PAUSES, Lives
from fuzz.oracle import PER_USER, Row
from fuzz.sides import OverHttp, Side, UseCases
from fuzz.world import World
from harness.postgres import PostgresServer
from latchkey.adapters.memory import MemoryStorage
from latchkey.adapters.memory.sessions import MemorySessionRepository
from latchkey.adapters.postgres import PostgresConfig, PostgresStorage
from latchkey.domain.sessions.session_id import SessionId
from latchkey.entrypoints.settings import from_env
from latchkey.testing.frozen_clock import FrozenClock

SETTINGS: Final = from_env(
    {
        **ENVIRON,
        "SESSIONS_PER_USER": str(PER_USER),
        "LOGIN_LIMIT_ACCOUNT": "off",
        "LOGIN_LIMIT_SUCCESSES": "off",
        "REFRESH_LIMIT": "off",
    }
)
NO_TIME: Final = timedelta(0)
REWIND: Final = """
    UPDATE sessions SET generation = $2, rotated_at = $3, previously_rotated_at = $4 WHERE id = $1
"""


@pytest.fixture(scope="module")
def world(postgres_server: PostgresServer) -> Iterator[World]:
    clock = FrozenClock()
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        try:
            sides = [
                runner.run(stack.enter_async_context(_on_memory(clock))),
                *runner.run(stack.enter_async_context(_on_postgres(clock, postgres_server))),
            ]
            yield World(runner, clock, sides)
        finally:
            runner.run(stack.aclose())


@pytest.mark.requirement("RS-2", "RS-3")
def test_a_token_of_every_age_means_what_the_table_says_around_the_grace(world: World) -> None:
    lives = Lives(world)
    lives.the_first_user_comes()

    for before, since, age in product(PAUSES, PAUSES, range(-3, 5)):
        lives.a_user_logs_in(0, is_right=True)
        rotations = [(NO_TIME, 0, 1), (NO_TIME, 0, 1), (before, 0, 1)]
        lives.tokens_of_any_age_are_presented(0, [*rotations, (since, age, 1)])

    lives.teardown()


def test_everything_ends_to_the_microsecond(world: World) -> None:
    lives = Lives(world)
    lives.the_first_user_comes()

    for border, off in product(BORDERS, AROUND):
        lives.a_user_logs_in(0, is_right=True)
        lives.time_passes_up_to_a_border(0, border, off)
        lives.a_browser_asks(0)
        lives.tokens_of_any_age_are_presented(0, [(NO_TIME, 0, 1)])

    lives.teardown()


def test_every_answer_to_every_life_is_as_foreseen_on_every_side(
    world: World, effort: Effort
) -> None:
    run_state_machine_as_test(
        lambda: Lives(world),  # type: ignore[arg-type]  # any factory will do
        settings=effort.of_lives,
    )


@asynccontextmanager
async def _on_memory(clock: FrozenClock) -> AsyncIterator[Side]:
    storage = MemoryStorage(clock)
    async with deployed(SETTINGS, storage, clock) as deployment:
        yield UseCases("memory", deployment, partial(_rewind_memory, storage))


@asynccontextmanager
async def _on_postgres(clock: FrozenClock, server: PostgresServer) -> AsyncIterator[list[Side]]:
    async with AsyncExitStack() as stack:
        dsn = (await stack.enter_async_context(fresh_database(server))).dsn
        storage = PostgresStorage(PostgresConfig(dsn=dsn), clock)
        deployment = await stack.enter_async_context(deployed(SETTINGS, storage, clock))
        connection = await asyncpg.connect(dsn)
        stack.push_async_callback(connection.close)
        rewind = partial(_rewind_postgres, connection)
        over_http = OverHttp("http", deployment, rewind)
        await stack.enter_async_context(over_http.http)
        yield [UseCases("postgres", deployment, rewind), over_http]


async def _rewind_memory(storage: MemoryStorage, session_id: SessionId, row: Row) -> None:
    assert isinstance(storage.sessions, MemorySessionRepository)
    access = storage.sessions._access  # noqa: SLF001 - behind the service's back
    async with access.change() as tables:
        session = tables.sessions.get(session_id)
        assert session is not None
        before = replace(
            session,
            generation=row.generation,
            rotated_at=row.rotated_at,
            previously_rotated_at=row.previously_rotated_at,
        )
        tables.sessions.put(session_id, before)


async def _rewind_postgres(
    connection: "asyncpg.Connection[asyncpg.Record]", session_id: SessionId, row: Row
) -> None:
    await connection.execute(
        REWIND, session_id, row.generation, row.rotated_at, row.previously_rotated_at
    )
