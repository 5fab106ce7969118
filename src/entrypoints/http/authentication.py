"""Say who is asking: a Bearer token on every route that doesn't opt out beside its path."""

from collections.abc import Iterable

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send
from typing_extensions import override

from application.authenticate import Authenticate
from domain.errors import (
    AccessTokenInvalidError,
    AccessTokenMissingError,
    InvalidInputError,
    Violation,
)


class BearerAuthentication(ASGIMiddleware):
    """Puts the principal of the access token into the scope, or refuses.

    Source: RFC 6750, sections 2.1 and 3.1.
    """

    scopes = (ScopeType.HTTP,)
    exclude_opt_key = "public"

    def __init__(self, authenticate: Authenticate) -> None:
        """Authenticate with a use case."""
        self._authenticate = authenticate

    @override
    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
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
