"""The three ways to the service on which lives are lived, and what they do behind its back."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Final

import asyncpg

from contract.flow.database import fresh_database
from contract.flow.in_process import ENVIRON, deployed
from fuzz.factor_sides import FactorRequests, FactorSide, FactorUseCases
from fuzz.link_sides import LinkRequests, LinkSide, LinkUseCases
from fuzz.oracle import PER_USER, Row
from fuzz.passkey_sides import PasskeySide
from fuzz.sides import OverHttp, Side, UseCases
from harness.postgres import PostgresServer
from latchkey.adapters.memory import MemoryStorage
from latchkey.adapters.memory.links.links import MemoryLinkRepository
from latchkey.adapters.memory.sessions.sessions import MemorySessionRepository
from latchkey.adapters.postgres import PostgresConfig, PostgresStorage
from latchkey.domain.links.link_token import LinkId
from latchkey.domain.sessions.session_id import SessionId
from latchkey.entrypoints.settings import from_env
from latchkey.testing.frozen_clock import FrozenClock

SETTINGS: Final = from_env(
    {
        **ENVIRON,
        "SESSIONS_PER_USER": str(PER_USER),
        "FACTOR_LIMIT": "off",
        "LOGIN_LIMIT_ACCOUNT": "off",
        "LOGIN_LIMIT_SUCCESSES": "off",
        "MAIL_LIMIT_ADDRESS": "off",
        "REFRESH_LIMIT": "off",
    }
)
PATIENCE: Final = timedelta(seconds=30)  # tabs wait for each other, and a busy machine is no bug
REWIND: Final = """
    UPDATE sessions SET generation = $2, rotated_at = $3, previously_rotated_at = $4 WHERE id = $1
"""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to the sessions, the links, the second factors and the passkeys of a service."""

    side: Side
    links: LinkSide
    factors: FactorSide
    passkeys: PasskeySide


@asynccontextmanager
async def on_memory(clock: FrozenClock) -> AsyncIterator[Way]:
    storage = MemoryStorage(clock)
    async with deployed(SETTINGS, storage, clock) as deployment, deployment.client() as http:
        side = UseCases("memory", deployment, partial(_rewind_memory, storage))
        links = LinkUseCases("memory", deployment, partial(_links_in_memory, storage))
        passkeys = PasskeySide(side, deployment, http)
        yield Way(side, links, FactorUseCases(side, deployment), passkeys)


@asynccontextmanager
async def on_postgres(clock: FrozenClock, server: PostgresServer) -> AsyncIterator[list[Way]]:
    async with AsyncExitStack() as stack:
        dsn = (await stack.enter_async_context(fresh_database(server))).dsn
        config = PostgresConfig(dsn=dsn, statement_timeout=PATIENCE)
        storage = PostgresStorage(config, clock)
        deployment = await stack.enter_async_context(deployed(SETTINGS, storage, clock))
        connection = await asyncpg.connect(dsn)
        stack.push_async_callback(connection.close)
        rewind = partial(_rewind_postgres, connection)
        over_http = OverHttp("http", deployment, rewind)
        await stack.enter_async_context(over_http.http)
        links_of = partial(_links_in_postgres, connection)
        side = UseCases("postgres", deployment, rewind)
        links = LinkUseCases("postgres", deployment, links_of)
        requests = LinkRequests("http", deployment, links_of, over_http.http)
        passkeys, also = (
            PasskeySide(each, deployment, over_http.http) for each in (side, over_http)
        )
        yield [
            Way(side, links, FactorUseCases(side, deployment), passkeys),
            Way(over_http, requests, FactorRequests(over_http, deployment), also),
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
