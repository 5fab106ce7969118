"""Who is calling, and over what: from the connection, or from a trusted proxy's word for it."""

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from typing import Final, TypeGuard

from litestar.enums import ScopeType
from litestar.types import HTTPScope, Scope

from latchkey.entrypoints.settings.kinds import Network

_STATE_KEY: Final = "latchkey.client"


@dataclass(frozen=True, slots=True)
class ClientInfo:
    """How a request reached the service.

    Attributes:
        request_id: At most 64 characters `[A-Za-z0-9._-]`.
        address: The client's IP address, or "" where the transport has none.
        scheme: `http` or `https`, as the client spoke it.
        host: The `Host` header, lower case, or "" without one.
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
        """Let whoever handles the request know of it."""
        scope["state"] = {**scope.get("state", {}), _STATE_KEY: self}

    @staticmethod
    def of(scope: Scope) -> "ClientInfo":
        """Give what was attached."""
        client = scope["state"][_STATE_KEY]
        if not isinstance(client, ClientInfo):
            raise TypeError(_STATE_KEY)
        return client


def is_http(scope: Scope) -> TypeGuard[HTTPScope]:
    """Tell a request from the lifespan and from other protocols."""
    return scope["type"] == ScopeType.HTTP


class Proxies:
    """Reads forwarded headers, but only those of trusted proxies."""

    def __init__(self, trusted: tuple[Network, ...]) -> None:
        """Trust proxies in these networks."""
        self._trusted = trusted
        self._is_trusted = lru_cache(4096)(self._is_in_a_network)

    def client_of(self, scope: HTTPScope, headers: dict[bytes, bytes]) -> tuple[str, str]:
        """Tell the client's address and the scheme it spoke.

        Of `X-Forwarded-For` the last address that isn't a trusted proxy's is the client: what
        stands before it was written by somebody who isn't trusted.

        Returns:
            IP address or "", and `http` or `https`.
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
