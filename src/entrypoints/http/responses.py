"""Send answers whole: a start and one body."""

from typing import Any, Final, TypeVar

import msgspec
from litestar import Litestar, Request, Response
from litestar.types import ASGIApp, Receive, Scope, Send
from typing_extensions import override

Headers = tuple[tuple[bytes, bytes], ...]
T = TypeVar("T")

_encode: Final = msgspec.json.Encoder().encode


async def send_whole(send: Send, status: int, headers: Headers, body: bytes = b"") -> None:
    """Send an answer (ASGI)."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def send_content(
    send: Send, status: int, media_type: bytes, content: bytes, headers: Headers = ()
) -> None:
    """Send an answer that has a content, with its type and length (RFC 9110, section 8)."""
    described = (
        (b"content-type", media_type),
        (b"content-length", str(len(content)).encode()),
    )
    await send_whole(send, status, described + headers, content)


class Json(Response[T]):
    """An answer in JSON.

    What else the framework can add to one, such as cookies, a background task or another media
    type, no route asks for, and is left out.
    """

    @override
    def to_asgi_response(  # type: ignore[override] # all that is done with it is to call it
        self,
        app: Litestar | None,
        request: Request[Any, Any, Any],
        *,
        status_code: int | None = None,
        **_: object,
    ) -> ASGIApp:
        """Encode the content, once and for all."""
        content = _encode(self.content)
        status = self.status_code or status_code or 200
        headers = tuple((name.encode(), value.encode()) for name, value in self.headers.items())

        async def answer(_: Scope, __: Receive, send: Send) -> None:
            await send_content(send, status, b"application/json", content, headers)

        return answer
