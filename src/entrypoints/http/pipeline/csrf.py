"""CSRF protection for routes that use the session cookie."""

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send
from typing_extensions import override

from latchkey.entrypoints.http.pipeline.client import ClientInfo
from latchkey.entrypoints.http.pipeline.cors import OriginPolicy
from latchkey.entrypoints.http.pipeline.head import headers_of
from latchkey.entrypoints.http.problems.errors import OriginNotAllowedError


class CsrfProtection(ASGIMiddleware):
    """Rejects requests that a foreign page may have caused, on routes with `csrf=True`."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, policy: OriginPolicy) -> None:
        self._policy = policy

    @override
    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        is_protected = scope["route_handler"].opt.get("csrf")
        if is_protected and not self._policy.allows(headers_of(scope), ClientInfo.of(scope).origin):
            raise OriginNotAllowedError
        await next_app(scope, receive, send)
