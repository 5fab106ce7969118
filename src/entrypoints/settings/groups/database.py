"""Settings of the database."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

from typing_extensions import override

from latchkey.entrypoints.settings.kinds import Kind, integer, optional, utf8
from latchkey.entrypoints.settings.variable import Change, Group, setting


def _database_url(text: str) -> str:
    from latchkey.adapters.postgres.engine.dsn import (  # noqa: PLC0415 - SQLAlchemy comes with it
        targets,
    )

    targets(text)
    return utf8(text)


DATABASE_URL: Final = Kind(
    form="postgresql://user:password@host:5432/database,"
    " with special characters in user and password percent-encoded",
    parse=_database_url,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSettings(Group):
    """Where PostgreSQL is.

    Attributes:
        url: None for the embedded PostgreSQL.
        pool_size: Connections of each worker, >= 1.
    """

    title: ClassVar[str] = "Database"

    url: str | None = setting(
        "DATABASE_URL",
        optional(DATABASE_URL),
        is_secret=True,
        production=Change(is_required=True),
        doc="The connection string of PostgreSQL; several hosts are separated by commas"
        " (one:5432,two:5432). If unset: an embedded PostgreSQL, whose data is in LATCHKEY_HOME.",
    )
    pool_size: int = setting(
        "POOL_SIZE", integer(1, 1_000), "10", doc="The number of connections of each worker."
    )

    @override
    def cautions(self) -> Iterator[str]:
        from latchkey.adapters.postgres.engine.dsn import (  # noqa: PLC0415 - as above
            unhonoured,
        )

        if self.url is not None:
            yield from (f"DATABASE_URL: {line}" for line in unhonoured(self.url))
