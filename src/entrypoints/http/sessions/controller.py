"""Login, refresh and logout."""

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from latchkey.application.sessions.end_sessions import EndSessions, EndSessionsCommand
from latchkey.application.sessions.list_sessions import ListSessions
from latchkey.application.sessions.logout import Logout, LogoutCommand
from latchkey.application.sessions.refresh import Refresh, RefreshCommand
from latchkey.application.sign_in.with_password import PasswordLogin, PasswordLoginCommand
from latchkey.domain.accounts.errors import InvalidCredentialsError, PasswordHasherBusyError
from latchkey.domain.accounts.password import Password
from latchkey.domain.factors.errors import SecondFactorRequiredError
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.domain.sessions.errors import (
    RefreshTokenInvalidError,
    RefreshTokenMissingError,
    RefreshTokenSupersededError,
    SessionEndedError,
)
from latchkey.domain.throttling.device import LIFETIME
from latchkey.domain.throttling.errors import TooManyAttemptsError
from latchkey.entrypoints.http.accounts.schemas import MessageBody
from latchkey.entrypoints.http.device import device_of
from latchkey.entrypoints.http.pagination import (
    CursorParameter,
    Limit,
    check_limit,
    read_cursor,
)
from latchkey.entrypoints.http.problems.declared import (
    BEARER,
    BODY,
    COOKIE,
    COOKIE_IF_ANY,
    NO_SECURITY,
    SETS_COOKIE,
    problems,
)
from latchkey.entrypoints.http.problems.errors import (
    OriginNotAllowedError,
)
from latchkey.entrypoints.http.requests import Anyone, Refreshing, SignedIn, cookies_of, source_of
from latchkey.entrypoints.http.responses import Json
from latchkey.entrypoints.http.sessions.schemas import (
    EndedBody,
    EndSessionsBody,
    LoginAnswer,
    LoginBody,
    SessionPage,
    TokenBody,
)


class SessionController(Controller):
    """The routes of login, refresh and logout."""

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
            *BODY,
            InvalidCredentialsError,
            SecondFactorRequiredError,
            OriginNotAllowedError,
            TooManyAttemptsError,
            PasswordHasherBusyError,
            StorageUnavailableError,
        ),
    )
    async def login(
        self,
        request: Anyone,
        data: JSONBody[LoginBody],
        password_login: NamedDependency[PasswordLogin],
    ) -> Json[LoginAnswer]:
        """Check e-mail and password. Return an access token, and set both cookies."""
        cookies, headers = cookies_of(request), request.scope["headers"]
        command = PasswordLoginCommand(
            email=data.email,
            password=Password(data.password),
            replaces=cookies.refresh.read(headers),
            devices=cookies.device.read(headers),
            device_name=device_of(request.headers.get("user-agent", "")),
            remembered=cookies.remembered.read(headers),
            stands_in=not data.ask_second_factor,
            source=source_of(request),
        )
        logged_in = await password_login(command)
        pair = logged_in.tokens
        return Json(
            LoginAnswer.of_login(logged_in),
            set_cookies=(
                cookies.refresh.write(pair.refresh, pair.refresh_expires_in),
                cookies.device.write(logged_in.device, LIFETIME),
            ),
        )

    @post(
        "/refresh",
        refresh_token=True,
        status_code=200,
        csrf=True,
        security=COOKIE,
        summary="Refresh the session",
        response_headers=SETS_COOKIE,
        responses=problems(
            RefreshTokenMissingError,
            RefreshTokenInvalidError,
            RefreshTokenSupersededError,
            SessionEndedError,
            OriginNotAllowedError,
            TooManyAttemptsError,
            StorageUnavailableError,
        ),
    )
    async def refresh(
        self,
        request: Refreshing,
        refresh: NamedDependency[Refresh],
    ) -> Json[TokenBody]:
        """Replace the refresh token in the cookie with the next one. Return a new access token."""
        command = RefreshCommand(presented=request.auth, source=source_of(request))
        pair = await refresh(command)
        cookie = cookies_of(request).refresh.write(pair.refresh, pair.refresh_expires_in)
        return Json(TokenBody.of(pair.access), set_cookies=(cookie,))

    @post(
        "/logout",
        public=True,
        status_code=200,
        csrf=True,
        security=COOKIE_IF_ANY,
        summary="Log out",
        response_headers=SETS_COOKIE,
        responses=problems(OriginNotAllowedError, StorageUnavailableError),
    )
    async def logout(
        self,
        request: Anyone,
        logout: NamedDependency[Logout],
    ) -> Json[MessageBody]:
        """End the session, if there is one, and delete the cookie."""
        cookie = cookies_of(request).refresh
        command = LogoutCommand(
            presented=cookie.read(request.scope["headers"]), source=source_of(request)
        )
        await logout(command)
        return Json(MessageBody(message="Logged out successfully"), set_cookies=(cookie.clear(),))

    @get(
        "/sessions",
        summary="List where you are signed in",
        responses=problems(*BEARER, StorageUnavailableError),
    )
    async def list_sessions(
        self,
        request: SignedIn,
        list_sessions: NamedDependency[ListSessions],
        limit: Limit = 20,
        cursor: CursorParameter = None,
    ) -> SessionPage:
        """List the active sessions of the signed-in user, newest first."""
        check_limit(request.scope["query_string"])
        page = await list_sessions(request.user, after=read_cursor(cursor), limit=limit)
        return SessionPage.of(page)

    @post(
        "/sessions/end",
        status_code=200,
        summary="End sessions",
        responses=problems(*BEARER, *BODY, StorageUnavailableError),
    )
    async def end_sessions(
        self,
        request: SignedIn,
        data: JSONBody[EndSessionsBody],
        end_sessions: NamedDependency[EndSessions],
    ) -> EndedBody:
        """End some sessions of the signed-in user, all but the current one, or all of them."""
        command = EndSessionsCommand(by=request.user, chosen=data.chosen, source=source_of(request))
        return EndedBody(ended=await end_sessions(command))
