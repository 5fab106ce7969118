"""Second factors of the signed-in user."""

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from latchkey.application.enrolment.begin_totp import BeginTotp
from latchkey.application.enrolment.confirm_totp import ConfirmTotp, ConfirmTotpCommand
from latchkey.application.enrolment.forget_own_devices import (
    ForgetDevices,
    ForgetDevicesCommand,
)
from latchkey.application.enrolment.list_factors import ListFactors
from latchkey.application.enrolment.own_factors import ChangeFactorsCommand
from latchkey.application.enrolment.remove_factors import RemoveFactors
from latchkey.application.enrolment.replace_codes import ReplaceCodes
from latchkey.application.sessions.token_pair import TokenPair
from latchkey.domain.factors.errors import (
    FactorNotFoundError,
    LastFactorError,
    ReauthenticationRequiredError,
    SecondFactorsDisabledError,
)
from latchkey.domain.factors.factor import FactorId
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.domain.throttling.errors import TooManyAttemptsError
from latchkey.entrypoints.http.device import device_of
from latchkey.entrypoints.http.factors.remembered_schemas import ForgetDevicesBody, ForgottenBody
from latchkey.entrypoints.http.factors.schemas import (
    ConfirmBody,
    FactorsBody,
    NewTotpBody,
    RecoveryCodesBody,
)
from latchkey.entrypoints.http.problems.declared import BEARER, BODY, SETS_COOKIE, problems
from latchkey.entrypoints.http.problems.errors import OriginNotAllowedError
from latchkey.entrypoints.http.requests import SignedIn, cookies_of, source_of
from latchkey.entrypoints.http.responses import Json
from latchkey.entrypoints.http.sessions.schemas import TokenBody


class FactorController(Controller):
    """The routes of one's own second factors."""

    path = "/api/auth/factors"
    tags = ("Second factors",)

    @get(
        summary="List your second factors",
        responses=problems(*BEARER, StorageUnavailableError),
    )
    async def list_factors(
        self, request: SignedIn, list_factors: NamedDependency[ListFactors]
    ) -> FactorsBody:
        """Return the second factors of the signed-in user, without their secrets."""
        return FactorsBody.of(await list_factors(request.user))

    @post(
        "/totp",
        status_code=201,
        summary="Begin to add an authenticator app",
        responses=problems(
            *BEARER,
            ReauthenticationRequiredError,
            SecondFactorsDisabledError,
            StorageUnavailableError,
        ),
    )
    async def begin_totp(
        self, request: SignedIn, begin_totp: NamedDependency[BeginTotp]
    ) -> NewTotpBody:
        """Return a new secret. Nothing changes until a code from the app confirms it."""
        return NewTotpBody.of(await begin_totp(change_of(request)))

    @post(
        "/totp/confirm",
        status_code=200,
        csrf=True,
        summary="Confirm an authenticator app",
        response_headers=SETS_COOKIE,
        responses=problems(
            *BEARER,
            *BODY,
            ReauthenticationRequiredError,
            FactorNotFoundError,
            OriginNotAllowedError,
            TooManyAttemptsError,
            StorageUnavailableError,
        ),
    )
    async def confirm_totp(
        self,
        request: SignedIn,
        data: JSONBody[ConfirmBody],
        confirm_totp: NamedDependency[ConfirmTotp],
    ) -> Json[RecoveryCodesBody]:
        """Add the app, end all sessions, and open a new one for this client."""
        wanted = change_of(request)
        command = ConfirmTotpCommand(
            by=wanted.by,
            device_name=wanted.device_name,
            source=wanted.source,
            factor_id=FactorId(data.id),
            typed=data.code,
        )
        changed = await confirm_totp(command)
        return Json(
            RecoveryCodesBody.of_change(changed),
            set_cookies=(change_cookie(request, changed.tokens),),
        )

    @post(
        "/recovery-codes",
        status_code=201,
        csrf=True,
        summary="Replace your recovery codes",
        response_headers=SETS_COOKIE,
        responses=problems(
            *BEARER,
            ReauthenticationRequiredError,
            SecondFactorsDisabledError,
            FactorNotFoundError,
            OriginNotAllowedError,
            StorageUnavailableError,
        ),
    )
    async def replace_codes(
        self, request: SignedIn, replace_codes: NamedDependency[ReplaceCodes]
    ) -> Json[RecoveryCodesBody]:
        """Return new codes, end all sessions, and open a new one for this client."""
        changed = await replace_codes(change_of(request))
        return Json(
            RecoveryCodesBody.of_change(changed),
            set_cookies=(change_cookie(request, changed.tokens),),
        )

    @post(
        "/remove",
        status_code=200,
        csrf=True,
        summary="Remove your second factors",
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
    async def remove_factors(
        self, request: SignedIn, remove_factors: NamedDependency[RemoveFactors]
    ) -> Json[TokenBody]:
        """Remove app, passkeys and recovery codes, end all sessions, and open a new one."""
        changed = await remove_factors(change_of(request))
        return Json(
            TokenBody.of(changed.tokens.access),
            set_cookies=(change_cookie(request, changed.tokens),),
        )

    @post(
        "/remembered-devices/forget",
        status_code=200,
        summary="Forget remembered devices",
        responses=problems(*BEARER, *BODY, StorageUnavailableError),
    )
    async def forget_devices(
        self,
        request: SignedIn,
        data: JSONBody[ForgetDevicesBody],
        forget_devices: NamedDependency[ForgetDevices],
    ) -> ForgottenBody:
        """Forget some remembered devices of the signed-in user, or all of them."""
        command = ForgetDevicesCommand(
            by=request.user, chosen=data.chosen, source=source_of(request)
        )
        return ForgottenBody(forgotten=await forget_devices(command))


def change_of(request: SignedIn) -> ChangeFactorsCommand:
    """Return who asks for a change, and from where."""
    return ChangeFactorsCommand(
        by=request.user,
        device_name=device_of(request.headers.get("user-agent", "")),
        source=source_of(request),
    )


def change_cookie(request: SignedIn, pair: TokenPair) -> str:
    """Return the cookie that a change sets."""
    return cookies_of(request).refresh.write(pair.refresh, pair.refresh_expires_in)
