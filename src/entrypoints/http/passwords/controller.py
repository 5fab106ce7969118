"""Forgotten and changed passwords."""

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from latchkey.application.mail.request_link import RequestLink, RequestLinkCommand
from latchkey.application.passwords.change_password import ChangePassword, ChangePasswordCommand
from latchkey.application.passwords.reset_password import ResetPassword, ResetPasswordCommand
from latchkey.domain.accounts.errors import PasswordHasherBusyError, PasswordIncorrectError
from latchkey.domain.accounts.password import Password
from latchkey.domain.factors.errors import ReauthenticationRequiredError
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.domain.links.errors import LinkEndedError, LinkInvalidError
from latchkey.domain.mail.errors import MailDisabledError, TooManyMailsError
from latchkey.domain.throttling.device import LIFETIME
from latchkey.domain.throttling.errors import TooManyAttemptsError
from latchkey.entrypoints.http.accounts.schemas import MessageBody
from latchkey.entrypoints.http.device import device_of
from latchkey.entrypoints.http.languages import languages_of
from latchkey.entrypoints.http.passwords.schemas import ChangeBody, ResetBody, ResetRequestBody
from latchkey.entrypoints.http.problems.declared import (
    BEARER,
    BODY,
    NO_SECURITY,
    SETS_COOKIE,
    SETS_DEVICE_COOKIE,
    problems,
)
from latchkey.entrypoints.http.problems.errors import OriginNotAllowedError
from latchkey.entrypoints.http.requests import Anyone, SignedIn, cookies_of, source_of
from latchkey.entrypoints.http.responses import Json
from latchkey.entrypoints.http.sessions.schemas import TokenBody


class PasswordController(Controller):
    """The routes of new passwords."""

    path = "/api/auth"
    tags = ("Authentication",)

    @post(
        "/password-resets",
        public=True,
        status_code=202,
        csrf=True,
        security=NO_SECURITY,
        summary="Ask for a link that resets the password",
        responses=problems(
            *BODY,
            MailDisabledError,
            OriginNotAllowedError,
            TooManyMailsError,
            StorageUnavailableError,
        ),
    )
    async def request_reset(
        self,
        request: Anyone,
        data: JSONBody[ResetRequestBody],
        request_reset: NamedDependency[RequestLink],
    ) -> MessageBody:
        """Send a link to the address if an account has it. The response does not say whether."""
        command = RequestLinkCommand(
            email=data.email,
            languages=languages_of(request.headers.get("accept-language", "")),
            source=source_of(request),
        )
        await request_reset(command)
        return MessageBody(message="If an account has this address, a mail is on its way")

    @post(
        "/password-resets/complete",
        public=True,
        status_code=200,
        csrf=True,
        security=NO_SECURITY,
        summary="Set a new password by a link",
        response_headers=SETS_DEVICE_COOKIE,
        responses=problems(
            *BODY,
            LinkInvalidError,
            LinkEndedError,
            OriginNotAllowedError,
            TooManyAttemptsError,
            PasswordHasherBusyError,
            StorageUnavailableError,
        ),
    )
    async def reset(
        self,
        request: Anyone,
        data: JSONBody[ResetBody],
        reset_password: NamedDependency[ResetPassword],
    ) -> Json[MessageBody]:
        """Set the password, and end all sessions of the account. Opens none."""
        command = ResetPasswordCommand(
            token=data.token, password=Password(data.password), source=source_of(request)
        )
        device = await reset_password(command)
        cookie = cookies_of(request).device.write(device, LIFETIME)
        return Json(MessageBody(message="The password was set"), set_cookies=(cookie,))

    @post(
        "/password",
        status_code=200,
        csrf=True,
        summary="Change the password",
        response_headers=SETS_COOKIE,
        responses=problems(
            *BEARER,
            *BODY,
            ReauthenticationRequiredError,
            PasswordIncorrectError,
            OriginNotAllowedError,
            TooManyAttemptsError,
            PasswordHasherBusyError,
            StorageUnavailableError,
        ),
    )
    async def change(
        self,
        request: SignedIn,
        data: JSONBody[ChangeBody],
        change_password: NamedDependency[ChangePassword],
    ) -> Json[TokenBody]:
        """Change the password, end all sessions, and open a new one for this client."""
        cookies = cookies_of(request)
        command = ChangePasswordCommand(
            by=request.user,
            current=Password(data.current_password),
            new=Password(data.new_password),
            device_name=device_of(request.headers.get("user-agent", "")),
            source=source_of(request),
        )
        changed = await change_password(command)
        pair = changed.tokens
        return Json(
            TokenBody.of(pair.access),
            set_cookies=(
                cookies.refresh.write(pair.refresh, pair.refresh_expires_in),
                cookies.device.write(changed.device, LIFETIME),
            ),
        )
