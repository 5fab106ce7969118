"""Sends responses with a single body message."""

from collections.abc import Sequence
from typing import Any, Final, TypeVar

import msgspec
from litestar import Litestar, Request, Response
from litestar.types import ASGIApp, Receive, Scope, Send
from typing_extensions import override

Headers = tuple[tuple[bytes, bytes], ...]
T = TypeVar("T")

_encode: Final = msgspec.json.Encoder().encode


async def send_whole(send: Send, status: int, headers: Headers, body: bytes = b"") -> None:
    """Send a response (ASGI)."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def send_content(
    send: Send, status: int, media_type: bytes, content: bytes, headers: Headers = ()
) -> None:
    """Send a response with content, its type and its length (RFC 9110, section 8)."""
    described = (
        (b"content-type", media_type),
        (b"content-length", str(len(content)).encode()),
    )
    await send_whole(send, status, described + headers, content)


def matches(tag: bytes, tags: bytes) -> bool:
    """Compare an entity tag with `If-None-Match`, weakly (RFC 9110, section 13.1.2)."""
    known = {given.strip().removeprefix(b"W/") for given in tags.split(b",")}
    return bool(known & {tag.removeprefix(b"W/"), b"*"})


class Json(Response[T]):
    """A JSON response.

    Ignores Litestar's other options, such as cookies, background tasks and media types. No route
    uses them, and encoding is faster without them.

    Attributes:
        set_cookies: The values of its `Set-Cookie` headers, in their order.
    """

    def __init__(
        self,
        content: T,
        *,
        set_cookies: Sequence[str] = (),
        **options: Any,  # noqa: ANN401 - Litestar's own
    ) -> None:
        super().__init__(content, **options)
        self.set_cookies = set_cookies

    @override
    def to_asgi_response(  # type: ignore[override] # Litestar only calls the result
        self,
        app: Litestar | None,
        request: Request[Any, Any, Any],
        *,
        status_code: int | None = None,
        **_: object,
    ) -> ASGIApp:
        """Encode the content and return an application that sends it."""
        content = _encode(self.content)
        status = self.status_code or status_code or 200
        headers = tuple((name.encode(), value.encode()) for name, value in self.headers.items())
        headers += tuple((b"set-cookie", value.encode()) for value in self.set_cookies)

        async def respond(_: Scope, __: Receive, send: Send) -> None:
            await send_content(send, status, b"application/json", content, headers)

        return respond
