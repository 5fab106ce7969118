"""Whatever happens to sessions, in whatever order: every side answers as the document says."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
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
from fuzz.borders import AROUND, BORDERS, PAUSES
from fuzz.effort import Effort
from fuzz.link_sides import LinkRequests, LinkSide, LinkUseCases
from fuzz.linked_lives import LinkedLives
from fuzz.lives import Lives
from fuzz.oracle import PER_USER, Row
from fuzz.sides import OverHttp, Side, UseCases
from fuzz.world import World
from harness.postgres import PostgresServer
from latchkey.adapters.memory import MemoryStorage
from latchkey.adapters.memory.links import MemoryLinkRepository
from latchkey.adapters.memory.sessions import MemorySessionRepository
from latchkey.adapters.postgres import PostgresConfig, PostgresStorage
from latchkey.domain.links.link_token import LinkId
from latchkey.domain.sessions.session_id import SessionId
from latchkey.entrypoints.settings import from_env
from latchkey.testing.frozen_clock import FrozenClock

SETTINGS: Final = from_env(
    {
        **ENVIRON,
        "SESSIONS_PER_USER": str(PER_USER),
        "LOGIN_LIMIT_ACCOUNT": "off",
        "LOGIN_LIMIT_SUCCESSES": "off",
        "MAIL_LIMIT_ADDRESS": "off",
        "REFRESH_LIMIT": "off",
    }
)
Way = tuple[Side, LinkSide]
NO_TIME: Final = timedelta(0)
REWIND: Final = """
    UPDATE sessions SET generation = $2, rotated_at = $3, previously_rotated_at = $4 WHERE id = $1
"""


WANTED, ANOTHER = -1, -2  # of the addresses in their order
NEWEST: Final = -1  # of the people


def _moves(lives: LinkedLives) -> None:
    lives.a_user_asks_for_another_address(0, ANOTHER, is_right=True)
    lives.a_link_is_used(0, is_right=True, times=1)


def _taken(lives: LinkedLives, where: int) -> None:
    lives.somebody_asks_for_a_link("registration", where)
    lives.a_link_is_used(0, is_right=True, times=1)


def _moves_and_is_followed(lives: LinkedLives) -> None:
    _moves(lives)
    _taken(lives, 0)


def _leaves(lives: LinkedLives) -> None:
    lives.a_user_deletes_the_account(0, is_right=True)


def _leaves_and_is_followed(lives: LinkedLives) -> None:
    _leaves(lives)
    _taken(lives, 0)


EVENTS: Final[dict[str, Callable[[LinkedLives], None]]] = {
    "nothing": lambda _: None,
    "another password": lambda lives: lives.an_operator_sets_a_password(NEWEST),
    "a disable": lambda lives: lives.an_operator_changes_a_user(NEWEST, is_final=True),
    "another role": lambda lives: lives.an_operator_changes_a_user(NEWEST, is_final=False),
    "a deletion": _leaves,
    "a deletion, and a successor": _leaves_and_is_followed,
    "a withdrawal": lambda lives: lives.a_user_keeps_the_address(0),
    "a move": _moves,
    "a move, and a successor": _moves_and_is_followed,
    "a rival": lambda lives: _taken(lives, WANTED),
    "a day": lambda lives: lives.time_passes_up_to_the_end_of_a_link(0, NO_TIME),
    "nearly a day": lambda lives: lives.time_passes_up_to_the_end_of_a_link(0, AROUND[0]),
}


@pytest.fixture(scope="module")
def world(postgres_server: PostgresServer) -> Iterator[World]:
    clock = FrozenClock()
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        try:
            ways = [
                runner.run(stack.enter_async_context(_on_memory(clock))),
                *runner.run(stack.enter_async_context(_on_postgres(clock, postgres_server))),
            ]
            yield World(runner, clock, [side for side, _ in ways], [links for _, links in ways])
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


@pytest.mark.requirement("EC-3")
@pytest.mark.parametrize("is_used", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("kind", ["password_reset", "registration", "email_change"])
def test_a_link_means_what_the_document_says_whatever_happens_before_or_after_its_use(
    world: World,
    kind: str,
    is_used: bool,  # noqa: FBT001 - given by pytest
) -> None:
    for happens in EVENTS.values():
        lives = LinkedLives(world)
        lives.the_first_user_comes()
        lives.an_administrator_stays()
        if kind == "email_change":
            lives.a_user_asks_for_another_address(0, WANTED, is_right=True)
        else:
            lives.somebody_asks_for_a_link(kind, WANTED if kind == "registration" else 0)
        if is_used:
            lives.a_link_is_used(0, is_right=True, times=1)
            lives.a_user_logs_in(NEWEST, is_right=True)
        happens(lives)
        first = len(lives.holdings) - 1

        lives.a_link_is_read_and_used_for_something_else(first, "email_change")
        lives.a_link_is_used(first, is_right=False, times=2)
        lives.a_link_is_used(first, is_right=True, times=2)
        lives.a_link_is_read_and_used_for_something_else(first, "password_reset")

        lives.teardown()


@pytest.mark.parametrize("machine", [Lives, LinkedLives])
def test_every_answer_to_every_life_is_as_foreseen_on_every_side(
    world: World, effort: Effort, machine: type[Lives]
) -> None:
    run_state_machine_as_test(
        lambda: machine(world),  # type: ignore[arg-type]  # any factory will do
        settings=effort.of_lives,
    )


@asynccontextmanager
async def _on_memory(clock: FrozenClock) -> AsyncIterator[Way]:
    storage = MemoryStorage(clock)
    async with deployed(SETTINGS, storage, clock) as deployment:
        yield (
            UseCases("memory", deployment, partial(_rewind_memory, storage)),
            LinkUseCases("memory", deployment, partial(_links_in_memory, storage)),
        )


@asynccontextmanager
async def _on_postgres(clock: FrozenClock, server: PostgresServer) -> AsyncIterator[list[Way]]:
    async with AsyncExitStack() as stack:
        dsn = (await stack.enter_async_context(fresh_database(server))).dsn
        storage = PostgresStorage(PostgresConfig(dsn=dsn), clock)
        deployment = await stack.enter_async_context(deployed(SETTINGS, storage, clock))
        connection = await asyncpg.connect(dsn)
        stack.push_async_callback(connection.close)
        rewind = partial(_rewind_postgres, connection)
        over_http = OverHttp("http", deployment, rewind)
        await stack.enter_async_context(over_http.http)
        links_of = partial(_links_in_postgres, connection)
        yield [
            (
                UseCases("postgres", deployment, rewind),
                LinkUseCases("postgres", deployment, links_of),
            ),
            (over_http, LinkRequests("http", deployment, links_of, over_http.http)),
        ]


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


async def _links_in_memory(storage: MemoryStorage, email: str) -> set[LinkId]:
    assert isinstance(storage.links, MemoryLinkRepository)
    tables = await storage.links._access.read()  # noqa: SLF001 - behind the service's back
    return {link.id for link in tables.links.rows() if link.email.text == email}


async def _links_in_postgres(
    connection: "asyncpg.Connection[asyncpg.Record]", email: str
) -> set[LinkId]:
    rows = await connection.fetch("SELECT id FROM links WHERE email = $1", email)
    return {LinkId(row["id"]) for row in rows}
