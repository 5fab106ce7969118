"""Calls an ASGI application from synchronous tests."""

import httpx
from anyio.from_thread import start_blocking_portal
from litestar.types import ASGIApp
from typing_extensions import override


class BlockingTransport(httpx.BaseTransport):
    """Waits for each response, which is computed on an event loop of its own, in another thread.

    So it can be used in any test, even one that an event loop runs. It doesn't run the lifespan.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Create a transport that calls an application."""
        self._transport = asgi_transport(app)

    @override
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()  # so that the body can be sent from asynchronous code, too
        with start_blocking_portal() as portal:
            return portal.call(self._response, request)

    async def _response(self, request: httpx.Request) -> httpx.Response:
        response = await self._transport.handle_async_request(request)
        assert isinstance(response.stream, httpx.AsyncByteStream)
        body = b"".join([part async for part in response.stream])
        return httpx.Response(
            response.status_code, headers=response.headers, stream=httpx.ByteStream(body)
        )


def asgi_transport(app: ASGIApp) -> httpx.ASGITransport:
    """Create the asynchronous transport that calls an application."""
    return httpx.ASGITransport(app)  # type: ignore[arg-type] # Litestar types ASGI more narrowly
