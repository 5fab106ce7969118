"""Connection strings: several hosts, and what other clients write into them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

_DEFAULT_PORT: Final = 5432
_LAST_PORT: Final = 65_535
_OTHER_CLIENTS_OPTIONS: Final = frozenset(
    {
        "connect_timeout",
        "connection_limit",
        "pgbouncer",
        "pool_timeout",
        "socket_timeout",
        "sslaccept",
        "statement_cache_size",
    }
)
"""Options of Prisma's and libpq's that this service has settings of its own for, or no use."""


@dataclass(frozen=True, slots=True)
class Target:
    """One host of a connection string.

    Attributes:
        dsn: The connection string without its hosts; hidden in `repr`.
        host: A name, an address, or the directory of a socket; None for the client's default.
        port: 1 to 65535, or None for the client's default.
    """

    dsn: str = field(repr=False)
    host: str | None
    port: int | None

    @property
    def place(self) -> str:
        """What messages call it."""
        return f"{self.host}:{self.port}" if self.host else "the default host"


def targets(dsn: str) -> list[Target]:
    """Split a connection string into one for each host, in their order.

    Takes libpq's spellings, `//host1:5432,host2/` and `?host=host1,host2&port=5432,5433`, and
    Prisma's `?schema=` for the search path.

    Raises:
        ValueError: It can't be read.

    Source: PostgreSQL, "Connection URIs" and "Specifying Multiple Hosts".
    """
    parts = urlsplit(dsn)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError("must begin with postgresql://")
    options = dict(parse_qsl(parts.query))
    hosts = _hosts(options.pop("host", ""), options.pop("port", ""))
    credentials, _, netloc = parts.netloc.rpartition("@")
    hosts = list(_from_netloc(netloc)) or hosts
    if schema := options.pop("schema", None):
        options["search_path"] = schema
    kept = {name: value for name, value in options.items() if name not in _OTHER_CLIENTS_OPTIONS}
    kept.setdefault("target_session_attrs", "primary")
    bare = f"postgresql://{credentials}@{parts.path}?{urlencode(kept)}"
    if not all(0 < port <= _LAST_PORT for _, port in hosts):
        raise ValueError("must have ports from 1 to 65535")
    return [Target(bare, host, port) for host, port in hosts] or [Target(bare, None, None)]


def _hosts(hosts: str, ports: str) -> list[tuple[str, int]]:
    names = hosts.split(",") if hosts else []
    numbers = [int(port) for port in ports.split(",")] if ports else [_DEFAULT_PORT]
    if len(numbers) == 1:
        numbers *= len(names)
    return list(zip(names, numbers, strict=True))


def _from_netloc(netloc: str) -> Iterator[tuple[str, int]]:
    for place in filter(None, netloc.split(",")):
        name, colon, port = place.rpartition(":")
        if not colon or port.endswith("]"):
            name, port = place, ""
        yield unquote(name).strip("[]"), int(port or _DEFAULT_PORT)
