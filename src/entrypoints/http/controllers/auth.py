"""Login, refresh, logout, and who is signed in."""

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from application.bootstrap import Bootstrap, BootstrapCommand
from application.current_user import CurrentUser
from application.login import Login, LoginCommand
from application.logout import Logout, LogoutCommand
from application.refresh import Refresh, RefreshCommand
from domain.password import Password
from entrypoints.http.answers import Json
from entrypoints.http.documented import (
    COOKIE,
    COOKIE_IF_ANY,
    NO_SECURITY,
    SETS_COOKIE,
    problems,
)
from entrypoints.http.requests import Anyone, Refreshing, SignedIn, caller_of, cookie_of
from entrypoints.http.schemas import (
    BootstrapBody,
    LoginAnswer,
    LoginBody,
    MessageBody,
    TokenBody,
    UserBody,
)

_BODY = ("invalid_request", "content_too_large", "unsupported_media_type")


class AuthController(Controller):
    """Sessions and whose they are."""

    path = "/api/auth"
    tags = ("Authentication",)

    @post(
        "/login",
        public=True,
        status_code=200,
        own_pages=True,
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
            caller=caller_of(request),
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
        own_pages=True,
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
        command = RefreshCommand(presented=request.auth, caller=caller_of(request))
        pair = await refresh(command)
        cookie = cookie_of(request).write(pair.refresh, pair.refresh_expires_in)
        return Json(TokenBody.of(pair), headers={"set-cookie": cookie})

    @post(
        "/logout",
        public=True,
        status_code=200,
        own_pages=True,
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
            refresh_token=cookie.read_if_any(request.scope["headers"]), caller=caller_of(request)
        )
        await logout(command)
        return Json(
            MessageBody(message="Logged out successfully"), headers={"set-cookie": cookie.clear()}
        )

    @get(
        "/me",
        summary="Who is signed in",
        responses=problems(
            "invalid_request", "access_token_missing", "access_token_invalid", "storage_unavailable"
        ),
    )
    async def me(self, request: SignedIn, current_user: NamedDependency[CurrentUser]) -> UserBody:
        """Show the signed-in user, as the database knows them now."""
        return UserBody.of(await current_user(request.user))

    @post(
        "/bootstrap",
        public=True,
        status_code=201,
        own_pages=True,
        security=NO_SECURITY,
        summary="Make the first administrator",
        responses=problems(
            *_BODY,
            "origin_not_allowed",
            "bootstrap_disabled",
            "already_bootstrapped",
            "email_taken",
            "password_hasher_busy",
            "storage_unavailable",
        ),
    )
    async def bootstrap(
        self,
        request: Anyone,
        data: JSONBody[BootstrapBody],
        bootstrap: NamedDependency[Bootstrap],
    ) -> UserBody:
        """Make an administrator where there is none; of any number at once, exactly one."""
        command = BootstrapCommand(
            email=data.email,
            name=data.name,
            password=Password(data.password),
            caller=caller_of(request),
        )
        return UserBody.of(await bootstrap(command))
