"""Say who is asking, on every route that doesn't opt out beside its path."""

from collections.abc import Iterable

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send
from typing_extensions import override

from latchkey.application.sessions.authenticate import Authenticate
from latchkey.application.sessions.authenticate_session import AuthenticateSession
from latchkey.domain.kernel.errors import InvalidInputError, Violation
from latchkey.domain.sessions.errors import AccessTokenInvalidError, AccessTokenMissingError
from latchkey.entrypoints.http.pipeline.refresh_cookie import RefreshCookie


class Authentication(ASGIMiddleware):
    """Puts into the scope what a token tells, or refuses, before any other work.

    That is an access token's principal, as `user`; on a route that says `refresh_token=True`
    beside its path, what the cookie's refresh token says, as `auth`. A route that says
    `public=True` takes everybody.

    Source: RFC 6750, sections 2.1 and 3.1.
    """

    scopes = (ScopeType.HTTP,)
    exclude_opt_key = "public"

    def __init__(
        self,
        authenticate: Authenticate,
        authenticate_session: AuthenticateSession,
        cookie: RefreshCookie,
    ) -> None:
        """Authenticate with these use cases."""
        self._authenticate = authenticate
        self._authenticate_session = authenticate_session
        self._cookie = cookie

    @override
    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        if scope["route_handler"].opt.get("refresh_token"):
            scope["auth"] = self._authenticate_session(self._cookie.read(scope["headers"]))
        else:
            scope["user"] = self._authenticate(_access_token(scope["headers"]))
        await next_app(scope, receive, send)


def _access_token(headers: Iterable[tuple[bytes, bytes]]) -> str:
    values = [value for name, value in headers if name == b"authorization"]
    if not values:
        raise AccessTokenMissingError
    if len(values) > 1:
        raise InvalidInputError(Violation("Authorization", "must be sent once"))
    scheme, _, token = values[0].partition(b" ")
    if scheme.lower() != b"bearer":
        raise AccessTokenMissingError
    try:
        return token.strip(b" ").decode("ascii")
    except UnicodeDecodeError:
        raise AccessTokenInvalidError from None
