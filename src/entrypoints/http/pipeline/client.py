"""Determines the client, scheme and host of a request, from its connection or a trusted proxy."""

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from typing import Final, TypeGuard

from litestar.enums import ScopeType
from litestar.types import HTTPScope, Scope

from latchkey.entrypoints.settings.values import Network

_STATE_KEY: Final = "latchkey.client"


@dataclass(frozen=True, slots=True)
class ClientInfo:
    """How a request reached the service.

    Attributes:
        request_id: At most 64 characters `[A-Za-z0-9._-]`.
        address: The client's IP address, or "" if it is unknown.
        scheme: `http` or `https`, as used by the client.
        host: The `Host` header in lower case, or "" if there is none.
    """

    request_id: str
    address: str
    scheme: str
    host: str

    @property
    def origin(self) -> str:
        """The service's own web origin, as this client sees it (RFC 6454)."""
        return f"{self.scheme}://{self.host}"

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


def is_http(scope: Scope) -> TypeGuard[HTTPScope]:
    """Return whether a scope is an HTTP request, and not the lifespan or another protocol."""
    return scope["type"] == ScopeType.HTTP


class Proxies:
    """Reads `X-Forwarded-For` and `X-Forwarded-Proto`, but only from trusted proxies."""

    def __init__(self, trusted: tuple[Network, ...]) -> None:
        self._trusted = trusted
        self._is_trusted = lru_cache(4096)(self._is_in_a_network)

    def client_of(self, scope: HTTPScope, headers: dict[bytes, bytes]) -> tuple[str, str]:
        """Return the client's address and scheme.

        The client is the last address in `X-Forwarded-For` that is not a trusted proxy: the
        client itself may have written any address before it.

        Returns:
            An IP address or "", and `http` or `https`.
        """
        peer = scope["client"][0] if scope["client"] else ""
        if not self._trusted or not self._is_trusted(peer):
            return peer, scope["scheme"]
        forwarded = headers.get(b"x-forwarded-for", b"").decode("latin-1").split(",")
        chain = [address.strip() for address in forwarded if address.strip()]
        address = next((hop for hop in reversed(chain) if not self._is_trusted(hop)), peer)
        scheme = headers.get(b"x-forwarded-proto", b"").decode("latin-1").strip().lower()
        return _canonical(address) or peer, "https" if scheme == "https" else "http"

    def _is_in_a_network(self, address: str) -> bool:
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._trusted)


@lru_cache(4096)
def _canonical(address: str) -> str | None:
    try:
        return str(ip_address(address))
    except ValueError:
        return None
