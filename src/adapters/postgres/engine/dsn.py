"""Parses connection strings, with several hosts and the options of other clients."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from secrets import SystemRandom
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

_DEFAULT_PORT: Final = 5432
_LAST_PORT: Final = 65_535
_PASSED_ON: Final = frozenset(
    {
        "dbname",
        "gsslib",
        "krbsrvname",
        "options",
        "passfile",
        "password",
        "service",
        "ssl_max_protocol_version",
        "ssl_min_protocol_version",
        "sslcert",
        "sslcrl",
        "sslkey",
        "sslmode",
        "sslnegotiation",
        "sslpassword",
        "sslrootcert",
        "target_session_attrs",
        "user",
    }
)
"""Options that asyncpg understands as libpq does. It would send any other to the server."""

_NEEDLESS: Final = frozenset(
    {
        "application_name",
        "client_encoding",
        "connect_timeout",
        "connection_limit",
        "fallback_application_name",
        "keepalives",
        "keepalives_count",
        "keepalives_idle",
        "keepalives_interval",
        "pgbouncer",
        "pool_timeout",
        "socket_timeout",
        "statement_cache_size",
        "tcp_user_timeout",
    }
)
"""Options of libpq and Prisma that the service has its own settings for, or no use."""

_HONOURED_ANYWAY: Final = {
    "channel_binding": ("disable", "prefer"),
    "gssencmode": ("disable", "prefer"),
    "load_balance_hosts": ("disable", "random"),
    "schema": None,
    "search_path": None,
    "sslaccept": ("accept_invalid_certs",),
}
"""Options that are not passed on, with the values that the service honours; None means any."""

_ADVICE: Final = {
    "channel_binding": "sslmode=verify-full prevents the same attack",
    "gssencmode": "use TLS (sslmode)",
    "sslaccept": "use sslmode=verify-full",
    "sslidentity": "use sslcert and sslkey, with PEM files",
}


@dataclass(frozen=True, slots=True)
class Target:
    """One host of a connection string.

    Attributes:
        dsn: The connection string without its hosts; hidden in `repr`.
        host: A name, an address or the directory of a socket, or None for the client's default.
        port: 1 to 65535, or None for the client's default.
        search_path: What to set `search_path` to, or None to leave it as it is.
        is_verified_by_system: Whether the server's certificate must come from an authority that
            this machine trusts (`sslrootcert=system`).
    """

    dsn: str = field(repr=False)
    host: str | None
    port: int | None
    search_path: str | None = None
    is_verified_by_system: bool = False

    @property
    def place(self) -> str:
        """The host and port, as messages show them."""
        return f"{self.host}:{self.port}" if self.host else "the default host"


def targets(dsn: str) -> list[Target]:
    """Split a connection string into one for each host, in the order in which to try them.

    Accepts libpq's spellings, `//host1:5432,host2/` and `?host=host1,host2&port=5432,5433` (which
    takes precedence), and Prisma's `?schema=` for the search path.

    Raises:
        ValueError: The connection string is invalid.

    Source: PostgreSQL, "Connection URIs" and "Specifying Multiple Hosts".
    """
    parts, options = _read(dsn)
    credentials, _, netloc = parts.netloc.rpartition("@")
    hosts = _hosts(options.get("host", ""), options.get("port", "")) or list(_from_netloc(netloc))
    if not all(0 < port <= _LAST_PORT for _, port in hosts):
        raise ValueError("must have ports from 1 to 65535")
    if options.get("load_balance_hosts") == "random":
        SystemRandom().shuffle(hosts)
    kept = {name: value for name, value in options.items() if name in _PASSED_ON}
    kept.setdefault("target_session_attrs", "primary")
    if is_verified_by_system := kept.get("sslrootcert") == "system":
        del kept["sslrootcert"]
        kept.pop("sslmode", None)  # it is verify-full, as in libpq
    template = Target(
        dsn=f"postgresql://{credentials}@{parts.path}?{urlencode(kept)}",
        host=None,
        port=None,
        search_path=_search_path(options),
        is_verified_by_system=is_verified_by_system,
    )
    return [replace(template, host=host, port=port) for host, port in hosts] or [template]


def unhonoured(dsn: str) -> Iterator[str]:
    """Yield a line for each option of a connection string that the service does not honour.

    Raises:
        ValueError: The connection string is invalid.
    """
    _, options = _read(dsn)
    for name, value in sorted(options.items()):
        if name in _PASSED_ON | _NEEDLESS | {"host", "port"}:
            continue
        honoured = _HONOURED_ANYWAY.get(name, ())
        if honoured is not None and value not in honoured:
            advice = f"; {_ADVICE[name]}" if name in _ADVICE else ""
            yield f"the option {name} cannot be honoured and is left out{advice}"


def _read(dsn: str) -> tuple[SplitResult, dict[str, str]]:
    parts = urlsplit(dsn)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError("must begin with postgresql://")
    return parts, dict(parse_qsl(parts.query))


def _search_path(options: dict[str, str]) -> str | None:
    """Return the search path; the name of a schema is quoted, so it is case-sensitive."""
    if schema := options.get("schema"):
        return '"' + schema.replace('"', '""') + '"'
    return options.get("search_path")


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
