"""Authenticates every request unless its route opts out."""

from collections.abc import Iterable

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send
from typing_extensions import override

from latchkey.application.sessions.presented import genuine, only
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.kernel.errors import InvalidInputError, Violation
from latchkey.domain.sessions.access_token import TokenService
from latchkey.domain.sessions.errors import (
    AccessTokenInvalidError,
    AccessTokenMissingError,
    RefreshTokenMissingError,
)
from latchkey.domain.sessions.refresh_token import RefreshToken, RefreshTokenCodec
from latchkey.entrypoints.http.pipeline.token_cookie import TokenCookie


class Authentication(ASGIMiddleware):
    """Verifies the token of a request before its route is called, without storage.

    By default it verifies the access token, and puts its principal into the scope as `user` and
    the token itself as `auth`. On a route with `refresh_token=True` it decodes the refresh token in
    the cookie, and puts it into the scope as `auth`. A route with `public=True` needs no token.

    Source: RFC 6750, sections 2.1 and 3.1.
    """

    scopes = (ScopeType.HTTP,)
    exclude_opt_key = "public"

    def __init__(
        self,
        tokens: TokenService,
        codec: RefreshTokenCodec,
        clock: Clock,
        cookie: TokenCookie,
    ) -> None:
        self._tokens = tokens
        self._codec = codec
        self._clock = clock
        self._cookie = cookie

    @override
    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        if scope["route_handler"].opt.get("refresh_token"):
            scope["auth"] = self._refresh_token(scope["headers"])
        else:
            encoded = _access_token(scope["headers"])
            scope["user"] = self._tokens.verify(encoded, self._clock.now())
            scope["auth"] = encoded
        await next_app(scope, receive, send)

    def _refresh_token(self, headers: Iterable[tuple[bytes, bytes]]) -> RefreshToken:
        presented, now = self._cookie.read(headers), self._clock.now()
        if not presented:
            raise RefreshTokenMissingError
        if len(presented) == 1:
            return self._codec.decode(presented[0], now)
        return only(genuine(self._codec, presented, now))


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
