"""Determines the client, scheme and host of a request, from its connection or a trusted proxy."""

import re
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final, NamedTuple, TypeGuard

from litestar.enums import ScopeType
from litestar.types import HTTPScope, Scope

from latchkey.entrypoints.settings.kinds import Network

_DEFAULT_PORTS: Final = {"http": ":80", "https": ":443"}
_WITH_PORT: Final = re.compile(r"\[(?P<v6>[^\]]*)\](?::[0-9]+)?|(?P<v4>[0-9.]+):[0-9]+")
_TRACEPARENT: Final = re.compile(
    rb"(?!ff)(?P<version>[0-9a-f]{2})-(?!0{32})(?P<trace>[0-9a-f]{32})"
    rb"-(?!0{16})(?P<span>[0-9a-f]{16})-[0-9a-f]{2}(?P<more>-.*)?"
)
_STATE_KEY: Final = "latchkey.client"


class ClientInfo(NamedTuple):
    """How a request reached the service.

    Attributes:
        request_id: At most 64 characters `[A-Za-z0-9._-]`.
        address: The client's IP address, or "" if it is unknown.
        scheme: `http` or `https`, as used by the client.
        host: The `Host` header in lower case, or "" if there is none.
        trace_id: The trace that the client says the request belongs to, 32 hexadecimal digits, or
            "". Anybody can say anything there, so it is for the log alone.
    """

    request_id: str
    address: str
    scheme: str
    host: str
    trace_id: str = ""

    @property
    def ids(self) -> dict[str, str]:
        """What lines of the log name the request by."""
        ids = {"request_id": self.request_id}
        return {**ids, "trace_id": self.trace_id} if self.trace_id else ids

    @property
    def origin(self) -> str:
        """The service's own web origin, as this client sees it (RFC 6454, section 6.2)."""
        return f"{self.scheme}://{self.host.removesuffix(_DEFAULT_PORTS[self.scheme])}"

    def attach(self, scope: HTTPScope) -> None:
        """Store this in the state of a request."""
        scope["state"] = {**scope.get("state", {}), _STATE_KEY: self}

    @staticmethod
    def of(scope: Scope) -> "ClientInfo":
        """Return what `attach` has stored."""
        client = scope["state"][_STATE_KEY]
        if not isinstance(client, ClientInfo):
            raise TypeError(_STATE_KEY)
        return client


def trace_of(traceparent: bytes) -> tuple[str, str] | None:
    """Return what a header `traceparent` names, or None if it is not valid.

    Returns:
        The id of the trace, 32 hexadecimal digits, and that of the client's span, 16.

    Source: W3C Trace Context, section 3.2.2; a later version may have more parts at the end.
    """
    found = _TRACEPARENT.fullmatch(traceparent)
    if found is None or (found["version"] == b"00" and found["more"]):
        return None
    return found["trace"].decode(), found["span"].decode()


def is_http(scope: Scope) -> TypeGuard[HTTPScope]:
    """Return whether a scope is an HTTP request, and not the lifespan or another protocol."""
    return scope["type"] == ScopeType.HTTP


class Proxies:
    """Reads `X-Forwarded-For` and `X-Forwarded-Proto`, but only from trusted proxies."""

    def __init__(self, trusted: tuple[Network, ...], warn: Callable[[], None]) -> None:
        """Set which proxies to trust.

        Args:
            trusted: The networks of the trusted proxies.
            warn: Called once, when a trusted proxy does not name the client of a request.
        """
        self._trusted = trusted
        self._is_trusted = lru_cache(4096)(self._is_in_a_network)
        self._warn = lru_cache(1)(warn)

    def client_of(self, scope: HTTPScope, headers: dict[bytes, bytes]) -> tuple[str, str]:
        """Return the client's address and scheme.

        The client is the last address in `X-Forwarded-For` that is not a trusted proxy: the
        client itself may have written any address before it.

        Returns:
            An IP address or "", and `http` or `https`.
        """
        peer = scope["client"][0] if scope["client"] else ""
        if not self._trusted or not self._is_trusted(peer):
            return _canonical(peer) or peer, scope["scheme"]
        forwarded = headers.get(b"x-forwarded-for", b"").decode("latin-1").split(",")
        hops = [_canonical(hop) for hop in forwarded if hop.strip()]
        address = next((hop for hop in reversed(hops) if not hop or not self._is_trusted(hop)), "")
        if not address:
            self._warn()
        schemes = headers.get(b"x-forwarded-proto", b"").decode("latin-1").lower().split(",")
        is_https = all(scheme.strip() == "https" for scheme in schemes)
        return address or _canonical(peer) or peer, "https" if is_https else "http"

    def _is_in_a_network(self, address: str) -> bool:
        parsed = _parsed(address)
        return parsed is not None and any(parsed in network for network in self._trusted)


@lru_cache(4096)
def _canonical(text: str) -> str | None:
    """Return an address in its canonical form, or None if the text is not an address."""
    parsed = _parsed(text)
    return str(parsed) if parsed else None


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    """Parse an address, which may have a port; return None if the text is not an address.

    An IPv4-mapped address becomes its IPv4 address. An address with a scope id (RFC 4007) is
    rejected, since a scope id may be any text.
    """
    bare = text.strip()
    if match := _WITH_PORT.fullmatch(bare):
        bare = match["v6"] or match["v4"]
    if "%" in bare:
        return None
    try:
        parsed = ip_address(bare)
    except ValueError:
        return None
    return parsed.ipv4_mapped or parsed if isinstance(parsed, IPv6Address) else parsed
