"""The second half of a login."""

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from latchkey.application.factors.second_factors import SecondFactorAnswer
from latchkey.application.sign_in.login_devices import DeviceLoggedIn
from latchkey.application.sign_in.required_factor import (
    BeginRequiredFactor,
    ConfirmRequiredFactor,
    ConfirmRequiredFactorCommand,
)
from latchkey.application.sign_in.with_second_factor import (
    SecondFactorLogin,
    SecondFactorLoginCommand,
)
from latchkey.domain.factors.authentication import SecondMethod
from latchkey.domain.factors.errors import (
    ChallengeInvalidError,
    FactorNotFoundError,
    SecondFactorInvalidError,
    SecondFactorsDisabledError,
)
from latchkey.domain.factors.factor import FactorId
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.domain.throttling.device import LIFETIME
from latchkey.domain.throttling.errors import TooManyAttemptsError
from latchkey.entrypoints.http.device import device_of
from latchkey.entrypoints.http.factors.schemas import (
    ChallengeBody,
    EnrolledAnswer,
    EnrolmentBody,
    NewTotpBody,
    SecondFactorBody,
)
from latchkey.entrypoints.http.problems.declared import BODY, NO_SECURITY, SETS_COOKIE, problems
from latchkey.entrypoints.http.problems.errors import OriginNotAllowedError
from latchkey.entrypoints.http.requests import Anyone, cookies_of, source_of
from latchkey.entrypoints.http.responses import Json
from latchkey.entrypoints.http.sessions.schemas import LoginAnswer


class SecondFactorController(Controller):
    """The routes that complete a login."""

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
        """Check a code. Return an access token, and set the cookies."""
        cookies, headers = cookies_of(request), request.scope["headers"]
        command = SecondFactorLoginCommand(
            challenge=data.challenge,
            answer=SecondFactorAnswer(method=SecondMethod(data.factor), typed=data.code),
            replaces=cookies.refresh.read(headers),
            devices=cookies.device.read(headers),
            device_name=device_of(request.headers.get("user-agent", "")),
            remembered=cookies.remembered.read(headers),
            remembers=data.remember_device,
            source=source_of(request),
        )
        logged_in = await second_factor_login(command)
        return Json(LoginAnswer.of_login(logged_in), set_cookies=login_cookies(request, logged_in))

    @post(
        "/enrolment",
        public=True,
        status_code=201,
        csrf=True,
        security=NO_SECURITY,
        summary="Begin to add the second factor that a login requires",
        responses=problems(
            *BODY,
            ChallengeInvalidError,
            SecondFactorsDisabledError,
            OriginNotAllowedError,
            StorageUnavailableError,
        ),
    )
    async def begin_enrolment(
        self,
        data: JSONBody[ChallengeBody],
        begin_enrolment: NamedDependency[BeginRequiredFactor],
    ) -> NewTotpBody:
        """Return a new secret, if the user's role requires a second factor and there is none."""
        return NewTotpBody.of(await begin_enrolment(data.challenge))

    @post(
        "/enrolment/confirm",
        public=True,
        status_code=200,
        csrf=True,
        security=NO_SECURITY,
        summary="Add the second factor that a login requires, and complete the login",
        response_headers=SETS_COOKIE,
        responses=problems(
            *BODY,
            ChallengeInvalidError,
            FactorNotFoundError,
            OriginNotAllowedError,
            TooManyAttemptsError,
            StorageUnavailableError,
        ),
    )
    async def confirm_enrolment(
        self,
        request: Anyone,
        data: JSONBody[EnrolmentBody],
        confirm_enrolment: NamedDependency[ConfirmRequiredFactor],
    ) -> Json[EnrolledAnswer]:
        """Add the app. Return recovery codes and an access token, and set both cookies."""
        cookies, headers = cookies_of(request), request.scope["headers"]
        command = ConfirmRequiredFactorCommand(
            challenge=data.challenge,
            factor_id=FactorId(data.id),
            typed=data.code,
            replaces=cookies.refresh.read(headers),
            devices=cookies.device.read(headers),
            device_name=device_of(request.headers.get("user-agent", "")),
            source=source_of(request),
        )
        logged_in = await confirm_enrolment(command)
        return Json(
            EnrolledAnswer.of_enrolment(logged_in), set_cookies=login_cookies(request, logged_in)
        )


def login_cookies(request: Anyone, logged_in: DeviceLoggedIn) -> tuple[str, ...]:
    """Return the cookies that a login sets."""
    cookies, pair, remembered = cookies_of(request), logged_in.tokens, logged_in.remembered
    more = (
        (cookies.remembered.write(remembered.token, remembered.expires_in),) if remembered else ()
    )
    return (
        cookies.refresh.write(pair.refresh, pair.refresh_expires_in),
        cookies.device.write(logged_in.device, LIFETIME),
        *more,
    )
