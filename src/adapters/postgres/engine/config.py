"""The configuration of the database connection."""

from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresConfig:
    """Where the database is, and how long to wait for it.

    Attributes:
        dsn: `postgresql://user:password@host1:5432,host2:5432/database?target_session_attrs=…`,
            or `postgresql://user@/database?host=/socket/directory`; hidden in `repr`. Without
            `target_session_attrs` only a primary is accepted.
        pool_size: The number of connections of one worker, >= 1. All are kept open.
        acquire_timeout: How long an operation waits for a connection, including connecting.
        connect_timeout: How long to wait for one host before the next host of the list is tried.
        statement_timeout: How long one statement may take, including waits for locks. The server
            cancels it then; the client gives up half a second later.
    """

    dsn: str = field(repr=False)
    pool_size: int = 10
    acquire_timeout: timedelta = timedelta(seconds=3)
    connect_timeout: timedelta = timedelta(seconds=1)
    statement_timeout: timedelta = timedelta(seconds=2)
