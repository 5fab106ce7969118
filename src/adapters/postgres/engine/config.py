"""What the adapter needs to be told about the database."""

from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresConfig:
    """Where the database is, and how long to wait for it.

    Attributes:
        dsn: `postgresql://user:password@host1:5432,host2:5432/database?target_session_attrs=…`,
            or `postgresql://user@/database?host=/socket/directory`; hidden in `repr`. Without
            `target_session_attrs` only a primary is accepted.
        pool_size: Connections of one worker, >= 1; as many are kept open.
        acquire_timeout: How long an operation waits for a connection, making one included.
        connect_timeout: How long one host may take to accept a connection; the next host of
            the list is tried after that.
        statement_timeout: How long one statement may take, a wait for a lock included; the
            server gives up at it, the client a little later.
    """

    dsn: str = field(repr=False)
    pool_size: int = 10
    acquire_timeout: timedelta = timedelta(seconds=3)
    connect_timeout: timedelta = timedelta(seconds=1)
    statement_timeout: timedelta = timedelta(seconds=2)
