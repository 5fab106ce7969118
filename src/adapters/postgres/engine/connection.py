"""Opens connections: tries one host after the other, each with its own timeout."""

import logging
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from ssl import create_default_context
from typing import Final, TypeAlias

import asyncpg

from latchkey.adapters.postgres.engine.config import PostgresConfig
from latchkey.adapters.postgres.engine.dsn import Target, targets
from latchkey.adapters.postgres.engine.errors import FAILURES, explained
from latchkey.domain.kernel.errors import StorageUnavailableError

Connection: TypeAlias = asyncpg.Connection
Connect: TypeAlias = Callable[[], Awaitable[Connection]]

_log: Final = logging.getLogger(__name__)
_MARGIN: Final = 0.5  # s; the client's timeout exceeds the server's by this
_SETTINGS: Final = """
SET application_name = 'latchkey';
SET timezone = 'UTC';
SET default_transaction_isolation = 'read committed';
SET statement_timeout = {milliseconds};
SET idle_in_transaction_session_timeout = '10s';
SET tcp_keepalives_idle = 30;
SET tcp_keepalives_interval = 5;
SET tcp_keepalives_count = 3;
SELECT set_config('synchronous_commit', 'on', false)
 WHERE current_setting('synchronous_commit') = 'off';
"""
"""Sent as a statement: a pooler such as PgBouncer rejects them as startup parameters."""

_SET_SEARCH_PATH: Final = "SELECT set_config('search_path', $1, false)"


async def connect(config: PostgresConfig) -> Connection:
    """Connect to the first host that accepts and has the state that the connection string asks for.

    Raises:
        StorageUnavailableError: There is none; the cause says why, for each host.
    """
    failures = []
    for target in targets(config.dsn):
        try:
            return await _connect_to(target, config)
        except FAILURES as error:
            failures.append(f"{target.place}: {explained(error)}")
            _log.warning("cannot connect to %s", failures[-1])
    raise StorageUnavailableError from ConnectionError("; ".join(failures))


async def _connect_to(target: Target, config: PostgresConfig) -> Connection:
    _leave_the_home_of_another_user()
    limit = config.statement_timeout.total_seconds()
    connection: Connection = await asyncpg.connect(
        target.dsn,
        host=target.host,
        port=target.port,
        timeout=config.connect_timeout.total_seconds(),
        command_timeout=limit + _MARGIN,
        max_cached_statement_lifetime=0,  # s; 0 keeps them as long as the connection
        ssl=create_default_context() if target.is_verified_by_system else None,
    )
    try:
        await connection.execute(_SETTINGS.format(milliseconds=round(limit * 1000)))
        if target.search_path is not None:
            await connection.execute(_SET_SEARCH_PATH, target.search_path)
    except BaseException:
        connection.terminate()
        raise
    return connection


def _leave_the_home_of_another_user() -> None:
    """Unset HOME if this process must not read it, for example after a change of the user.

    asyncpg looks for files there before it connects, and fails if it is forbidden to.
    """
    try:
        Path("~/.postgresql/root.crt").expanduser().stat()
    except PermissionError:
        os.environ.pop("HOME", None)
    except (OSError, RuntimeError):  # there is no such file, or no home
        return
