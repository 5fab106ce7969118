"""What the values of environment variables mean.

Each function takes a variable's text and gives its value, or raises ValueError that says what is
wrong and what would be right.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

from latchkey.domain.throttling.rate import Rate

Network = IPv4Network | IPv6Network

_UNITS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_SHORT: Final = re.compile(r"([0-9]{1,9})([smhdw]?)")
_ISO: Final = re.compile(
    r"P(?:(?P<d>[0-9]{1,6})D)?(?:T(?:(?P<h>[0-9]{1,6})H)?(?:(?P<m>[0-9]{1,6})M)?(?:(?P<s>[0-9]{1,9})S)?)?"
)
_WORDS: Final = {
    **dict.fromkeys(("true", "1", "yes", "on"), True),
    **dict.fromkeys(("false", "0", "no", "off"), False),
}


def text(value: str) -> str:
    """Take any text; an environment may hold other bytes, too."""
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError("is no text; must be UTF-8")
    return value


def boolean(value: str) -> bool:
    """Read `true` or `false` (also 1, 0, yes, no, on, off)."""
    try:
        return _WORDS[value.lower()]
    except KeyError:
        raise ValueError(f"is {value!r}; must be true or false") from None


def integer(least: int, most: int) -> Callable[[str], int]:
    """Make a parser of whole numbers within bounds, both included."""

    def parse(value: str) -> int:
        number = int(value) if re.fullmatch(r"[0-9]{1,9}", value) else -1
        if not least <= number <= most:
            raise ValueError(f"is {value!r}; must be a whole number from {least} to {most}")
        return number

    return parse


def duration(least: timedelta, most: timedelta) -> Callable[[str], timedelta]:
    """Make a parser of durations within bounds, both included.

    Source: ISO 8601-1, section 5.5.2 for the form `PT15M`; the others are `15m` and `900`.
    """

    def parse(value: str) -> timedelta:
        length = _duration(value)
        if length is None:
            raise ValueError(
                f"is {value!r}; must be a duration such as 900, 900s, 15m, 7d or PT15M"
            )
        if not least <= length <= most:
            raise ValueError(f"is {value!r}; must be from {_seconds(least)} to {_seconds(most)}")
        return length

    return parse


def rate(value: str) -> Rate | None:
    """Read `10/15m` (so many in so much time) or `off`."""
    if value.lower() == "off":
        return None
    count, _, period = value.partition("/")
    length = _duration(period)
    if not re.fullmatch(r"[1-9][0-9]{0,5}", count) or not length:
        raise ValueError(f"is {value!r}; must be a rate such as 10/15m, or off")
    return Rate(count=int(count), period=length)


def names(value: str) -> tuple[str, ...]:
    """Read a list, its parts separated by commas or blanks."""
    return tuple(part for part in re.split(r"[,\s]+", value) if part)


def one_of(*choices: str) -> Callable[[str], str]:
    """Make a parser of a choice, whatever its case."""

    def parse(value: str) -> str:
        if value.lower() not in choices:
            raise ValueError(f"is {value!r}; must be one of {', '.join(choices)}")
        return value.lower()

    return parse


def networks(value: str) -> tuple[Network, ...]:
    """Read IP addresses and networks in CIDR form (RFC 4632)."""
    try:
        return tuple(ip_network(part) for part in names(value))
    except ValueError:
        raise ValueError(
            f"is {value!r}; must list addresses or networks, e.g. 10.0.0.0/8"
        ) from None


def address(value: str) -> str:
    """Read an IP address to listen on."""
    try:
        return str(ip_address(value))
    except ValueError:
        raise ValueError(f"is {value!r}; must be an IP address, e.g. 0.0.0.0 for all") from None


def hosts(value: str) -> tuple[str, ...]:
    """Read host names; no wildcards."""
    hosts = tuple(part.lower() for part in names(value))
    if any("/" in host or "*" in host for host in hosts):
        raise ValueError(f"is {value!r}; must list bare host names, e.g. auth.example.com")
    return hosts


def origins(value: str) -> tuple[str, ...]:
    """Read web origins (RFC 6454, section 6.2), exactly as browsers send them."""
    for origin in names(value):
        parts = urlsplit(origin)
        if parts.scheme not in {"http", "https"} or origin != f"{parts.scheme}://{parts.netloc}":
            raise ValueError(
                f"has {origin!r}; must list exact origins, e.g. https://app.example.com"
            )
    return names(value)


def cookie_name(value: str) -> str:
    """Read a cookie's name, of letters, digits, `-` and `_`.

    Source: RFC 6265bis, section 4.1.3 (what a prefix asks for).
    """
    if not value.isascii() or not value.replace("-", "").replace("_", "").isalnum():
        raise ValueError(f"is {value!r}; must be letters, digits, - and _")
    if value.lower().startswith("__host-"):  # browsers drop it, for the cookie's path is not /
        raise ValueError(f"is {value!r}; must not begin with __Host-; __Secure- is possible")
    return value


def database_url(value: str) -> str:
    """Read a connection string of PostgreSQL's. What is wrong is not shown: it has a password."""
    from latchkey.adapters.postgres.engine.dsn import targets  # noqa: PLC0415 - brings SQLAlchemy

    try:
        targets(value)
    except ValueError:
        raise ValueError(
            "can't be read; must be postgresql://user:password@host:5432/database, "
            "with what is special in user and password percent-encoded"
        ) from None
    return value


def _duration(value: str) -> timedelta | None:
    if short := _SHORT.fullmatch(value):
        return timedelta(seconds=int(short[1]) * _UNITS[short[2] or "s"])
    long = _ISO.fullmatch(value)
    parts = {unit: int(n) for unit, n in long.groupdict().items() if n} if long else {}
    if not parts:
        return None
    return timedelta(seconds=sum(n * _UNITS[unit] for unit, n in parts.items()))


def _seconds(length: timedelta) -> str:
    return f"{length.total_seconds():.0f}s"
