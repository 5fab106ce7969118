"""What stands in front of cells: it finds the cell of each request, and knows nothing else.

It trusts nothing that it reads: a request that names a wrong cell is refused there.
"""

import base64
import binascii
import json
import re
import time
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID
from zlib import crc32

import httpx
from typing_extensions import override

from faults.cells import NUMBER_BITS
from faults.cells_directory import Directory, canonical

_BY_COOKIE: Final = frozenset({"/api/auth/refresh", "/api/auth/logout"})
_REGISTERS: Final = "/api/auth/registrations"
_CHANGES: Final = "/api/auth/email-changes"
_TAKES_ADDRESS: Final = frozenset({"/api/admin/users", "/api/admin/invitations", _CHANGES})
_MAKES_PASSKEY: Final = "/api/auth/factors/passkeys/options"
_COOKIE: Final = re.compile(r"refresh_token=([A-Za-z0-9_-]{100})(?:;|$)")
_ID_AT: Final[Mapping[str, int]] = {"token": 3, "challenge": 1}
"""Where the text of a member has an identifier: a link token that of its link, and the challenge
of a login that of its user."""
_TAKEN: Final = {"code": "email_taken", "title": "E-mail taken", "status": 409}


class Router(httpx.AsyncBaseTransport):
    """Sends each request on to its cell.

    Attributes:
        routed: The microseconds that finding the cell took, where the directory was not asked.
        refused: How many requests it has refused, since another cell has the address.
    """

    def __init__(self, directory: Directory, ports: Mapping[int, int]) -> None:
        self.routed: list[float] = []
        self.refused = 0
        self._directory = directory
        self._ports = ports
        self._onwards = httpx.AsyncHTTPTransport()

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = _members(await request.aread())
        asked, began = self._directory.asked, time.perf_counter()
        cell = await self._cell_of(request, body)
        if self._directory.asked == asked:
            self.routed.append((time.perf_counter() - began) * 1e6)
        if not await self._may_take(request, body, cell):
            self.refused += 1
            return _refusal(request)
        return await self._answered(request, cell)

    @override
    async def aclose(self) -> None:
        await self._onwards.aclose()

    async def _cell_of(self, request: httpx.Request, body: Mapping[str, Any]) -> int:
        """Return the cell of a request; any cell refuses one that has none."""
        found: int | None = None
        if request.url.path in _BY_COOKIE:
            found = _cell_of_cookie(request)
        elif "Authorization" in request.headers:
            found = _cell_of_bearer(request)
        elif address := canonical(str(body.get("email", ""))):
            found = await self._cell_of_address(request, address)
        elif handle := _handle_of(body):
            found = await self._directory.find_handle(handle)
        else:
            found = _cell_of_body(body)
        return min(self._ports) if found is None or found not in self._ports else found

    async def _cell_of_address(self, request: httpx.Request, address: str) -> int:
        """Return the cell that has an address, or the one that counts attempts on it.

        A registration claims its address: nobody can get it elsewhere while there is a link.
        """
        cells = sorted(self._ports)
        home = cells[crc32(address.encode()) % len(cells)]
        if request.url.path == _REGISTERS:
            return await self._directory.claim(address, home)
        found = await self._directory.find(address)
        return home if found is None else found

    async def _may_take(self, request: httpx.Request, body: Mapping[str, Any], cell: int) -> bool:
        """Claim the address that a request of a user or administrator wants for their cell."""
        path, address = request.url.path, canonical(str(body.get("email", "")))
        if address is None or request.method != "POST":
            return True
        return path not in _TAKES_ADDRESS or await self._directory.claim(address, cell) == cell

    async def _answered(self, request: httpx.Request, cell: int) -> httpx.Response:
        request.url = request.url.copy_with(port=self._ports[cell])
        answer = await self._onwards.handle_async_request(request)
        if request.url.path == _MAKES_PASSKEY and answer.is_success:
            user = json.loads(await answer.aread())["publicKey"]["user"]
            await self._directory.note_handle(_decoded(user["id"]), cell)
        return answer


def _refusal(request: httpx.Request) -> httpx.Response:
    """Tell an administrator why; a user, who may not know who has an address, gets no mail."""
    if request.url.path == _CHANGES:
        return httpx.Response(202, json={"message": "We have sent you a link."})
    return httpx.Response(409, json=_TAKEN)


def cell_of(identifier: UUID) -> int:
    """Return the cell that an identifier names."""
    return identifier.int % (1 << NUMBER_BITS)


def _members(content: bytes) -> Mapping[str, Any]:
    try:
        parsed = json.loads(content)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _cell_of_cookie(request: httpx.Request) -> int | None:
    found = _COOKIE.search(request.headers.get("Cookie", ""))
    return cell_of(UUID(bytes=_decoded(found[1])[3:19])) if found else None


def _cell_of_bearer(request: httpx.Request) -> int | None:
    try:
        claims = json.loads(_decoded(request.headers["Authorization"].split(".")[1]))
        return cell_of(UUID(claims["sid"]))
    except (IndexError, KeyError, ValueError):
        return None


def _cell_of_body(body: Mapping[str, Any]) -> int | None:
    for member, start in _ID_AT.items():
        if raw := _decoded(str(body.get(member, "")))[start : start + 16]:
            return cell_of(UUID(bytes=raw))
    return None


def _handle_of(body: Mapping[str, Any]) -> bytes | None:
    try:
        return _decoded(body["credential"]["response"]["userHandle"])
    except (KeyError, TypeError):
        return None


def _decoded(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""
