"""Login, refresh and logout."""

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from latchkey.application.sessions.logout import Logout, LogoutCommand
from latchkey.application.sessions.refresh import Refresh, RefreshCommand
from latchkey.application.sign_in.with_password import PasswordLogin, PasswordLoginCommand
from latchkey.domain.accounts.errors import InvalidCredentialsError, PasswordHasherBusyError
from latchkey.domain.accounts.password import Password
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.domain.sessions.errors import (
    RefreshTokenInvalidError,
    RefreshTokenMissingError,
    RefreshTokenSupersededError,
    SessionEndedError,
)
from latchkey.domain.throttling.errors import TooManyAttemptsError
from latchkey.entrypoints.http.openapi.problems import (
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
from latchkey.entrypoints.http.requests import Anyone, Refreshing, cookie_of, source_of
from latchkey.entrypoints.http.responses import Json
from latchkey.entrypoints.http.sessions.schemas import (
    LoginAnswer,
    LoginBody,
    MessageBody,
    TokenBody,
)


class SessionController(Controller):
    """Login, refresh and logout."""

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
        """Check e-mail and password. Return an access token, and set the refresh token cookie."""
        cookie = cookie_of(request)
        command = PasswordLoginCommand(
            email=data.email,
            password=Password(data.password),
            replaces=cookie.read(request.scope["headers"]),
            source=source_of(request),
        )
        logged_in = await password_login(command)
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
        """Replace the refresh token in the cookie by the next one. Return a new access token."""
        command = RefreshCommand(presented=request.auth, source=source_of(request))
        pair = await refresh(command)
        cookie = cookie_of(request).write(pair.refresh, pair.refresh_expires_in)
        return Json(TokenBody.of(pair.access), headers={"set-cookie": cookie})

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
        cookie = cookie_of(request)
        command = LogoutCommand(
            presented=cookie.read(request.scope["headers"]), source=source_of(request)
        )
        await logout(command)
        return Json(
            MessageBody(message="Logged out successfully"), headers={"set-cookie": cookie.clear()}
        )
