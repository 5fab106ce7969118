"""The front end and the API on one origin."""

from litestar.types import ASGIApp, Receive, Scope, Send

from latchkey.entrypoints.http.pipeline.client import is_http
from latchkey.entrypoints.http.static.frontend import Frontend


class Site:
    """Routes each request to the front end or to the service."""

    def __init__(self, frontend: Frontend, service: ASGIApp) -> None:
        self._frontend = frontend
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request (ASGI 3)."""
        if is_http(scope) and self._frontend.serves(scope):
            await self._frontend(scope, receive, send)
        else:
            await self._service(scope, receive, send)
