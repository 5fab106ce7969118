"""The second half of a login."""

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from latchkey.application.factors.second_factors import SecondFactorAnswer
from latchkey.application.sign_in.with_second_factor import (
    SecondFactorLogin,
    SecondFactorLoginCommand,
)
from latchkey.domain.factors.errors import ChallengeInvalidError, SecondFactorInvalidError
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.domain.throttling.device import LIFETIME
from latchkey.domain.throttling.errors import TooManyAttemptsError
from latchkey.entrypoints.http.device import device_of
from latchkey.entrypoints.http.factors.schemas import SecondFactorBody
from latchkey.entrypoints.http.openapi.problems import BODY, NO_SECURITY, SETS_COOKIE, problems
from latchkey.entrypoints.http.problems.errors import OriginNotAllowedError
from latchkey.entrypoints.http.requests import Anyone, cookies_of, source_of
from latchkey.entrypoints.http.responses import Json
from latchkey.entrypoints.http.sessions.schemas import LoginAnswer


class SecondFactorController(Controller):
    """The route that completes a login."""

    path = "/api/auth/login"
    tags = ("Authentication",)

    @post(
        "/second-factor",
        public=True,
        status_code=200,
        csrf=True,
        security=NO_SECURITY,
        summary="Complete a login with a second factor",
        response_headers=SETS_COOKIE,
        responses=problems(
            *BODY,
            SecondFactorInvalidError,
            ChallengeInvalidError,
            OriginNotAllowedError,
            TooManyAttemptsError,
            StorageUnavailableError,
        ),
    )
    async def login_second_factor(
        self,
        request: Anyone,
        data: JSONBody[SecondFactorBody],
        second_factor_login: NamedDependency[SecondFactorLogin],
    ) -> Json[LoginAnswer]:
        """Check a code. Return an access token, and set both cookies."""
        cookies, headers = cookies_of(request), request.scope["headers"]
        command = SecondFactorLoginCommand(
            challenge=data.challenge,
            answer=SecondFactorAnswer(method=data.factor, typed=data.code),
            replaces=cookies.refresh.read(headers),
            devices=cookies.device.read(headers),
            device_name=device_of(request.headers.get("user-agent", "")),
            source=source_of(request),
        )
        logged_in = await second_factor_login(command)
        pair = logged_in.tokens
        return Json(
            LoginAnswer.of_login(logged_in),
            set_cookies=(
                cookies.refresh.write(pair.refresh, pair.refresh_expires_in),
                cookies.device.write(logged_in.device, LIFETIME),
            ),
        )
