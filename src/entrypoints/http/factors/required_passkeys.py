"""Passkeys of users whose role requires a second factor, and who have none."""

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from latchkey.application.sign_in.required_passkey import (
    AddRequiredPasskey,
    AddRequiredPasskeyCommand,
    BeginRequiredPasskey,
)
from latchkey.domain.factors.errors import (
    ChallengeInvalidError,
    PasskeyKnownError,
    PasskeysDisabledError,
    SecondFactorsDisabledError,
)
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.entrypoints.http.device import device_of
from latchkey.entrypoints.http.factors.login import login_cookies
from latchkey.entrypoints.http.factors.passkey_options import CreationOptionsBody
from latchkey.entrypoints.http.factors.passkey_schemas import RequiredPasskeyBody
from latchkey.entrypoints.http.factors.schemas import ChallengeBody, EnrolledAnswer
from latchkey.entrypoints.http.problems.declared import BODY, NO_SECURITY, SETS_COOKIE, problems
from latchkey.entrypoints.http.problems.errors import OriginNotAllowedError
from latchkey.entrypoints.http.requests import Anyone, cookies_of, source_of
from latchkey.entrypoints.http.responses import Json


class RequiredPasskeyController(Controller):
    """The routes that complete a login by adding a passkey."""

    path = "/api/auth/login/enrolment/passkeys"
    tags = ("Authentication",)

    @post(
        "/options",
        public=True,
        status_code=200,
        csrf=True,
        security=NO_SECURITY,
        summary="Begin to add the passkey that a login requires",
        responses=problems(
            *BODY,
            ChallengeInvalidError,
            SecondFactorsDisabledError,
            PasskeysDisabledError,
            OriginNotAllowedError,
            StorageUnavailableError,
        ),
    )
    async def begin_required_passkey(
        self,
        data: JSONBody[ChallengeBody],
        begin_required_passkey: NamedDependency[BeginRequiredPasskey],
    ) -> CreationOptionsBody:
        """Return what a device has to be asked for. Nothing is stored."""
        return CreationOptionsBody.of(await begin_required_passkey(data.challenge))

    @post(
        public=True,
        status_code=200,
        csrf=True,
        security=NO_SECURITY,
        summary="Add the passkey that a login requires",
        response_headers=SETS_COOKIE,
        responses=problems(
            *BODY,
            ChallengeInvalidError,
            SecondFactorsDisabledError,
            PasskeysDisabledError,
            OriginNotAllowedError,
            PasskeyKnownError,
            StorageUnavailableError,
        ),
    )
    async def add_required_passkey(
        self,
        request: Anyone,
        data: JSONBody[RequiredPasskeyBody],
        add_required_passkey: NamedDependency[AddRequiredPasskey],
    ) -> Json[EnrolledAnswer]:
        """Add the passkey. Return recovery codes and an access token, and set both cookies."""
        cookies, headers = cookies_of(request), request.scope["headers"]
        command = AddRequiredPasskeyCommand(
            challenge=data.challenge,
            attestation=data.credential.decoded(),
            name=data.name,
            replaces=cookies.refresh.read(headers),
            devices=cookies.device.read(headers),
            device_name=device_of(request.headers.get("user-agent", "")),
            source=source_of(request),
        )
        logged_in = await add_required_passkey(command)
        return Json(
            EnrolledAnswer.of_enrolment(logged_in), set_cookies=login_cookies(request, logged_in)
        )
