"""Passkeys: to sign in with, and those of the signed-in user."""

from uuid import UUID

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from latchkey.application.enrolment.add_passkey import AddPasskey, AddPasskeyCommand
from latchkey.application.enrolment.begin_passkey import BeginPasskey
from latchkey.application.enrolment.remove_passkey import RemovePasskey, RemovePasskeyCommand
from latchkey.application.sign_in.ask_passkey import AskPasskey
from latchkey.application.sign_in.with_passkey import PasskeyLogin, PasskeyLoginCommand
from latchkey.domain.factors.errors import (
    ChallengeInvalidError,
    FactorNotFoundError,
    LastFactorError,
    PasskeyInvalidError,
    PasskeyKnownError,
    PasskeysDisabledError,
    PasskeyUnknownError,
    ReauthenticationRequiredError,
    SecondFactorsDisabledError,
    TooManyPasskeysError,
)
from latchkey.domain.factors.factor import FactorId
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.domain.throttling.errors import TooManyAttemptsError
from latchkey.entrypoints.http.device import device_of
from latchkey.entrypoints.http.factors.controller import change_cookie, change_of
from latchkey.entrypoints.http.factors.login import login_cookies
from latchkey.entrypoints.http.factors.passkey_options import (
    CreationOptionsBody,
    RequestOptionsBody,
)
from latchkey.entrypoints.http.factors.passkey_schemas import PasskeyBody, PasskeyLoginBody
from latchkey.entrypoints.http.factors.schemas import RecoveryCodesBody
from latchkey.entrypoints.http.problems.declared import (
    BEARER,
    BODY,
    NO_SECURITY,
    SETS_COOKIE,
    problems,
)
from latchkey.entrypoints.http.problems.errors import OriginNotAllowedError
from latchkey.entrypoints.http.requests import Anyone, SignedIn, cookies_of, source_of
from latchkey.entrypoints.http.responses import Json
from latchkey.entrypoints.http.sessions.schemas import LoginAnswer, TokenBody


class PasskeyLoginController(Controller):
    """The routes that sign in with a passkey."""

    path = "/api/auth"
    tags = ("Authentication",)

    @post(
        "/passkeys/options",
        public=True,
        status_code=200,
        csrf=True,
        security=NO_SECURITY,
        summary="Get a challenge for any passkey",
        responses=problems(OriginNotAllowedError, PasskeysDisabledError),
    )
    async def ask_passkey(self, ask_passkey: NamedDependency[AskPasskey]) -> RequestOptionsBody:
        """Return options that are the same for everybody but for the challenge."""
        return RequestOptionsBody.of(ask_passkey())

    @post(
        "/login/passkey",
        public=True,
        status_code=200,
        csrf=True,
        security=NO_SECURITY,
        summary="Log in with a passkey",
        response_headers=SETS_COOKIE,
        responses=problems(
            *BODY,
            PasskeyUnknownError,
            PasskeyInvalidError,
            ChallengeInvalidError,
            OriginNotAllowedError,
            PasskeysDisabledError,
            TooManyAttemptsError,
            StorageUnavailableError,
        ),
    )
    async def login_passkey(
        self,
        request: Anyone,
        data: JSONBody[PasskeyLoginBody],
        passkey_login: NamedDependency[PasskeyLogin],
    ) -> Json[LoginAnswer]:
        """Check a signature. Return an access token, and set both cookies."""
        cookies, headers = cookies_of(request), request.scope["headers"]
        command = PasskeyLoginCommand(
            assertion=data.credential.decoded(),
            replaces=cookies.refresh.read(headers),
            devices=cookies.device.read(headers),
            device_name=device_of(request.headers.get("user-agent", "")),
            source=source_of(request),
        )
        logged_in = await passkey_login(command)
        return Json(LoginAnswer.of_login(logged_in), set_cookies=login_cookies(request, logged_in))


class PasskeyController(Controller):
    """The routes of one's own passkeys."""

    path = "/api/auth/factors/passkeys"
    tags = ("Second factors",)

    @post(
        "/options",
        status_code=200,
        summary="Begin to add a passkey",
        responses=problems(
            *BEARER,
            ReauthenticationRequiredError,
            SecondFactorsDisabledError,
            PasskeysDisabledError,
            TooManyPasskeysError,
            StorageUnavailableError,
        ),
    )
    async def begin_passkey(
        self, request: SignedIn, begin_passkey: NamedDependency[BeginPasskey]
    ) -> CreationOptionsBody:
        """Return what a device has to be asked for. Nothing is stored."""
        return CreationOptionsBody.of(await begin_passkey(change_of(request)))

    @post(
        status_code=201,
        csrf=True,
        summary="Add a passkey",
        response_headers=SETS_COOKIE,
        responses=problems(
            *BEARER,
            *BODY,
            ReauthenticationRequiredError,
            ChallengeInvalidError,
            SecondFactorsDisabledError,
            PasskeysDisabledError,
            OriginNotAllowedError,
            PasskeyKnownError,
            TooManyPasskeysError,
            StorageUnavailableError,
        ),
    )
    async def add_passkey(
        self,
        request: SignedIn,
        data: JSONBody[PasskeyBody],
        add_passkey: NamedDependency[AddPasskey],
    ) -> Json[RecoveryCodesBody]:
        """Add the passkey, end all sessions, and open a new one for this client."""
        wanted = change_of(request)
        command = AddPasskeyCommand(
            by=wanted.by,
            device_name=wanted.device_name,
            source=wanted.source,
            attestation=data.credential.decoded(),
            name=data.name,
        )
        changed = await add_passkey(command)
        return Json(
            RecoveryCodesBody.of_change(changed),
            set_cookies=(change_cookie(request, changed.tokens),),
        )

    @post(
        "/{passkey:uuid}/remove",
        status_code=200,
        csrf=True,
        summary="Remove a passkey",
        response_headers=SETS_COOKIE,
        responses=problems(
            *BEARER,
            ReauthenticationRequiredError,
            FactorNotFoundError,
            LastFactorError,
            OriginNotAllowedError,
            StorageUnavailableError,
        ),
    )
    async def remove_passkey(
        self,
        request: SignedIn,
        passkey: FromPath[UUID],
        remove_passkey: NamedDependency[RemovePasskey],
    ) -> Json[TokenBody]:
        """Remove the passkey, end all sessions, and open a new one for this client."""
        wanted = change_of(request)
        command = RemovePasskeyCommand(
            by=wanted.by,
            device_name=wanted.device_name,
            source=wanted.source,
            passkey_id=FactorId(passkey),
        )
        changed = await remove_passkey(command)
        return Json(
            TokenBody.of(changed.tokens.access),
            set_cookies=(change_cookie(request, changed.tokens),),
        )
