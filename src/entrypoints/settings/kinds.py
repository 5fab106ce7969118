"""Kinds of values: how each is written in an environment variable, and what it means."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Final, Generic, TypeVar

from latchkey.adapters.idna import IdnaDomainNames
from latchkey.domain.throttling.rate import Rate
from latchkey.entrypoints.settings.authorities import host_faults, origin_faults

T = TypeVar("T")
Network = IPv4Network | IPv6Network

_UNITS: Final = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_SHORT: Final = re.compile(r"([0-9]{1,9})([smhdw]?)")
_ISO: Final = re.compile(
    r"P(?:(?P<d>[0-9]{1,6})D)?(?:T(?:(?P<h>[0-9]{1,6})H)?(?:(?P<m>[0-9]{1,6})M)?(?:(?P<s>[0-9]{1,9})S)?)?"
)
_WORDS: Final = {
    **dict.fromkeys(("true", "1", "yes", "on"), True),
    **dict.fromkeys(("false", "0", "no", "off"), False),
}


def no_faults(_: object) -> tuple[str, ...]:
    """Accept every value: the `check` of most kinds."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[T]):
    """A kind of value.

    Attributes:
        form: What a value must be; completes "must be".
        parse: Returns the value of a text. Raises ValueError if the text has another form, or
            UnicodeError if it is not valid UTF-8. The message of the error is never shown.
        check: Returns what is wrong with a value that has the form: a phrase for each fault, such
            as "is too long". A phrase about a secret must not contain any of it.
    """

    form: str
    parse: Callable[[str], T]
    check: Callable[[T], Iterable[str]] = no_faults


def optional(kind: Kind[T]) -> Kind[T | None]:
    """Return a kind that reads the empty text, which is the default, as None."""
    return Kind(
        form=kind.form,
        parse=lambda text: kind.parse(text) if text else None,
        check=lambda value: () if value is None else kind.check(value),
    )


def integer(least: int, most: int) -> Kind[int]:
    """Return the kind of whole numbers within bounds, both included."""

    def parse(text: str) -> int:
        number = int(text) if re.fullmatch(r"[0-9]{1,9}", text) else -1
        if not least <= number <= most:
            raise ValueError(text)
        return number

    return Kind(form=f"a whole number from {least} to {most}", parse=parse)


def duration(least: timedelta, most: timedelta) -> Kind[timedelta]:
    """Return the kind of durations within bounds, both included.

    Source: ISO 8601-1, section 5.5.2 for the form `PT15M`; the others are `15m` and `900`.
    """

    def parse(text: str) -> timedelta:
        length = _duration(text)
        if not least <= length <= most:
            raise ValueError(text)
        return length

    return Kind(form=f"a duration from {_written(least)} to {_written(most)}", parse=parse)


def one_of(*choices: str) -> Kind[str]:
    """Return the kind of a choice; its case does not matter."""

    def parse(text: str) -> str:
        if text.lower() not in choices:
            raise ValueError(text)
        return text.lower()

    return Kind(form=f"{', '.join(choices[:-1])} or {choices[-1]}", parse=parse)


def always(*, value: bool, form: str) -> Kind[bool]:
    """Return the kind of a boolean that may have one value only; `form` says why, or what to do."""

    def check(given: object) -> tuple[str, ...]:
        return () if given == value else (f"is {str(given).lower()}",)

    return Kind(form=form, parse=BOOLEAN.parse, check=check)


def names(text: str) -> tuple[str, ...]:
    """Split a list at commas and blanks, and raise UnicodeError if it is not valid UTF-8."""
    return items(utf8(text))


def utf8(text: str) -> str:
    """Return a text unchanged, or raise UnicodeError if it is not valid UTF-8."""
    text.encode()
    return text


def items(text: str) -> tuple[str, ...]:
    """Split a list at commas and blanks."""
    return tuple(item for item in re.split(r"[,\s]+", text) if item)


def _boolean(text: str) -> bool:
    if text.lower() not in _WORDS:
        raise ValueError(text)
    return _WORDS[text.lower()]


def _rate(text: str) -> Rate | None:
    if text.lower() == "off":
        return None
    count, _, period = text.partition("/")
    length = _duration(period)
    if not re.fullmatch(r"[1-9][0-9]{0,5}", count) or not length:
        raise ValueError(text)
    return Rate(count=int(count), period=length)


def _networks(text: str) -> tuple[Network, ...]:
    return tuple(ip_network(item) for item in items(text))


def _domains(text: str) -> frozenset[str]:
    """Read a list of domains in the form that e-mail addresses are stored in (IDNA 2008)."""
    read = IdnaDomainNames().to_ascii
    found = {item: read(item) for item in items(utf8(text))}
    if None in found.values():
        raise ValueError(text)
    return frozenset(name for name in found.values() if name)


def _each(faults_of: Callable[[str], Iterable[str]]) -> Callable[[Iterable[str]], list[str]]:
    """Return a check of a list, given one of an item, which completes "which"."""
    return lambda values: [
        f"contains {value!r}, which {fault}"
        for value in sorted(values)
        for fault in faults_of(value)
    ]


def _duration(text: str) -> timedelta:
    short, long = _SHORT.fullmatch(text), _ISO.fullmatch(text)
    parts = {short[2] or "s": short[1]} if short else long.groupdict("") if long else {}
    seconds = [int(number) * _UNITS[unit] for unit, number in parts.items() if number]
    if not seconds or sum(seconds) > timedelta.max.total_seconds():
        raise ValueError(text)
    return timedelta(seconds=sum(seconds))


def _written(length: timedelta) -> str:
    seconds = int(length.total_seconds())
    units = (unit for unit, size in _UNITS.items() if size <= seconds and not seconds % size)
    unit = next(units, "s")
    return f"{seconds // _UNITS[unit]}{unit}"


TEXT: Final = Kind(form="text in UTF-8", parse=utf8)
NAMES: Final = Kind(form="a list of names in UTF-8, without commas and blanks", parse=names)
BOOLEAN: Final = Kind(form="true or false", parse=_boolean)
PATH: Final = Kind(form="a path", parse=Path)
RATE: Final = Kind(form="a rate such as 10/15m, or off", parse=_rate)
ADDRESS: Final = Kind(
    form="an IP address (0.0.0.0 or :: for all)", parse=lambda text: str(ip_address(text))
)
NETWORKS: Final = Kind(
    form="a list of IP addresses or networks (RFC 4632), e.g. 10.0.0.0/8", parse=_networks
)
HOSTS: Final = Kind(
    form="a list of host names without wildcards, e.g. auth.example.com",
    parse=lambda text: frozenset(items(text.lower())),
    check=_each(host_faults),
)
DOMAINS: Final = Kind(
    form="a list of domains of e-mail addresses, e.g. example.com", parse=_domains
)
ORIGINS: Final = Kind(
    form="a list of exact origins (RFC 6454), e.g. https://app.example.com",
    parse=lambda text: frozenset(items(text)),
    check=_each(partial(origin_faults, needs_https=False)),
)
HTTPS_ORIGINS: Final = replace(
    ORIGINS,
    form="a list of exact origins, in production of https or of apps, e.g. https://app.example.com",
    check=_each(partial(origin_faults, needs_https=True)),
)
