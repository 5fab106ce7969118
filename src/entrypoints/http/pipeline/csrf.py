"""Keep foreign pages from acting on the session cookie, on every route that says so."""

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send
from typing_extensions import override

from latchkey.entrypoints.http.pipeline.client import ClientInfo
from latchkey.entrypoints.http.pipeline.cors import OriginPolicy
from latchkey.entrypoints.http.problems.errors import OriginNotAllowedError


class CsrfProtection(ASGIMiddleware):
    """Refuses what a foreign page can have caused, before any work.

    A route asks for it beside its path: `csrf=True`.
    """

    scopes = (ScopeType.HTTP,)

    def __init__(self, policy: OriginPolicy) -> None:
        """Judge by a policy."""
        self._policy = policy

    @override
    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        is_asked_for = scope["route_handler"].opt.get("csrf")
        if is_asked_for and not self._policy.admits(scope["headers"], ClientInfo.of(scope).origin):
            raise OriginNotAllowedError
        await next_app(scope, receive, send)
