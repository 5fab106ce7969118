"""Login, refresh and logout."""

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from latchkey.application.sessions.logout import Logout, LogoutCommand
from latchkey.application.sessions.refresh import Refresh, RefreshCommand
from latchkey.application.sign_in.with_password import Login, LoginCommand
from latchkey.domain.accounts.password import Password
from latchkey.entrypoints.http.openapi.problems import (
    COOKIE,
    COOKIE_IF_ANY,
    NO_SECURITY,
    SETS_COOKIE,
    problems,
)
from latchkey.entrypoints.http.requests import Anyone, Refreshing, cookie_of, source_of
from latchkey.entrypoints.http.responses import Json
from latchkey.entrypoints.http.sessions.schemas import (
    LoginAnswer,
    LoginBody,
    MessageBody,
    TokenBody,
)

_BODY = ("invalid_request", "content_too_large", "unsupported_media_type")


class SessionController(Controller):
    """Sessions."""

    path = "/api/auth"
    tags = ("Authentication",)

    @post(
        "/login",
        public=True,
        status_code=200,
        csrf=True,
        security=NO_SECURITY,
        summary="Log in",
        response_headers=SETS_COOKIE,
        responses=problems(
            *_BODY,
            "invalid_credentials",
            "origin_not_allowed",
            "too_many_attempts",
            "password_hasher_busy",
            "storage_unavailable",
        ),
    )
    async def login(
        self,
        request: Anyone,
        data: JSONBody[LoginBody],
        login: NamedDependency[Login],
    ) -> Json[LoginAnswer]:
        """Trade e-mail and password for an access token and, in a cookie, a refresh token."""
        cookie = cookie_of(request)
        command = LoginCommand(
            email=data.email,
            password=Password(data.password),
            replaces=cookie.read_if_any(request.scope["headers"]),
            source=source_of(request),
        )
        logged_in = await login(command)
        pair = logged_in.tokens
        return Json(
            LoginAnswer.of_login(logged_in),
            headers={"set-cookie": cookie.write(pair.refresh, pair.refresh_expires_in)},
        )

    @post(
        "/refresh",
        refresh_token=True,
        status_code=200,
        csrf=True,
        security=COOKIE,
        summary="Refresh",
        response_headers=SETS_COOKIE,
        responses=problems(
            "refresh_token_missing",
            "refresh_token_invalid",
            "refresh_token_superseded",
            "session_ended",
            "origin_not_allowed",
            "too_many_attempts",
            "storage_unavailable",
        ),
    )
    async def refresh(
        self,
        request: Refreshing,
        refresh: NamedDependency[Refresh],
    ) -> Json[TokenBody]:
        """Trade the refresh token for the next one and a fresh access token."""
        command = RefreshCommand(presented=request.auth, source=source_of(request))
        pair = await refresh(command)
        cookie = cookie_of(request).write(pair.refresh, pair.refresh_expires_in)
        return Json(TokenBody.of(pair), headers={"set-cookie": cookie})

    @post(
        "/logout",
        public=True,
        status_code=200,
        csrf=True,
        security=COOKIE_IF_ANY,
        summary="Log out",
        response_headers=SETS_COOKIE,
        responses=problems("origin_not_allowed", "storage_unavailable"),
    )
    async def logout(
        self,
        request: Anyone,
        logout: NamedDependency[Logout],
    ) -> Json[MessageBody]:
        """End the session, if there is one, and clear the cookie."""
        cookie = cookie_of(request)
        command = LogoutCommand(
            refresh_token=cookie.read_if_any(request.scope["headers"]), source=source_of(request)
        )
        await logout(command)
        return Json(
            MessageBody(message="Logged out successfully"), headers={"set-cookie": cookie.clear()}
        )
