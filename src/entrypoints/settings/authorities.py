"""Host names and origins as clients send them; one that is written otherwise would never match."""

import re
from collections.abc import Iterator
from ipaddress import IPv6Address
from typing import Final

_AUTHORITY: Final = re.compile(r"(?P<host>\[[^\[\]]*\]|[^:\[\]]+)(?P<port>:[0-9]{1,5})?")
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]+")
_ORIGIN: Final = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<authority>.+)", re.DOTALL)
_DEFAULT_PORTS: Final = {"http": ":80", "https": ":443"}
_MAX_PORT: Final = 65_535
_OPAQUE: Final = frozenset(
    {"about", "blob", "data", "file", "filesystem", "ftp", "javascript", "null", "ws", "wss"}
)
"""Schemes whose pages have no origin that a browser would send, or that are of no page."""


def host_faults(host: str) -> Iterator[str]:
    """Yield what is wrong with a host name, which may have a port; completes "which"."""
    if "*" in host:
        yield "has a wildcard"
    elif "://" in host:
        yield "has a scheme"
    elif "@" in host:
        yield "has a user name"
    elif re.search(r"[/?#\\]", host):
        yield "has a path"
    elif not host.isascii():
        yield "is not ASCII (write the xn-- form of the domain)"
    elif address := _address(host):
        yield f"has no brackets (write [{address}])"
    else:
        yield from _form_faults(host)


def origin_faults(origin: str, *, needs_https: bool) -> Iterator[str]:
    """Yield what is wrong with an origin; completes "which".

    Besides those of the web there are the origins of apps and browser extensions, such as
    `capacitor://localhost`; in these, browsers keep upper-case letters.

    Source: RFC 6454, sections 4 and 6.2; the URL standard, section 4.2 (special schemes).
    """
    match = _ORIGIN.fullmatch(origin)
    if match is None or match["scheme"] in _OPAQUE:
        yield "is not an origin that browsers send"
        return
    scheme, authority = match["scheme"], match["authority"]
    if needs_https and scheme == "http":
        yield "is not https"
        return
    is_of_the_web = scheme in _DEFAULT_PORTS
    faults = list(host_faults(authority))
    if not faults and is_of_the_web and authority != authority.lower():
        faults.append(f"has upper-case letters (write {origin.lower()})")
    if not faults and is_of_the_web and authority.endswith(_DEFAULT_PORTS[scheme]):
        faults.append(f"has the default port (write {origin.removesuffix(_DEFAULT_PORTS[scheme])})")
    yield from faults


def _form_faults(host: str) -> Iterator[str]:
    match = _AUTHORITY.fullmatch(host)
    if match is None or int((match["port"] or ":1")[1:]) not in range(1, _MAX_PORT + 1):
        yield "is not a host with or without a port"
    elif not match["host"].startswith("["):
        if not _NAME.fullmatch(match["host"]):
            yield "is not a host with or without a port"
    elif (address := _address(match["host"][1:-1])) is None:
        yield "is not an IPv6 address in brackets"
    elif match["host"].lower() != f"[{address}]":
        yield f"is not the short form of the address (write [{address}])"


def _address(text: str) -> IPv6Address | None:
    try:
        return IPv6Address(text)
    except ValueError:
        return None
