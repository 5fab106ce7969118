"""The own account: another address for it, and its end."""

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from latchkey.application.own_account.cancel_email_change import CancelEmailChange
from latchkey.application.own_account.change_email import ChangeEmail, ChangeEmailCommand
from latchkey.application.own_account.change_name import ChangeName, ChangeNameCommand
from latchkey.application.own_account.delete_account import DeleteAccount, DeleteAccountCommand
from latchkey.application.own_account.read_account import ReadAccount
from latchkey.application.own_account.request_email_change import (
    RequestEmailChange,
    RequestEmailChangeCommand,
)
from latchkey.domain.accounts.errors import (
    EmailTakenError,
    LastAdminError,
    PasswordHasherBusyError,
    PasswordIncorrectError,
)
from latchkey.domain.accounts.password import Password
from latchkey.domain.factors.errors import ReauthenticationRequiredError
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.domain.links.errors import LinkEndedError, LinkInvalidError
from latchkey.domain.mail.errors import MailDisabledError, TooManyMailsError
from latchkey.domain.throttling.device import LIFETIME
from latchkey.domain.throttling.errors import TooManyAttemptsError
from latchkey.entrypoints.http.accounts.schemas import MessageBody, UserBody
from latchkey.entrypoints.http.languages import languages_of
from latchkey.entrypoints.http.own_account.schemas import (
    AccountBody,
    DeletionBody,
    EmailChangeBody,
    NameChangeBody,
    NewEmailBody,
)
from latchkey.entrypoints.http.problems.declared import (
    BEARER,
    BODY,
    NO_SECURITY,
    SETS_DEVICE_COOKIE,
    problems,
)
from latchkey.entrypoints.http.problems.errors import OriginNotAllowedError
from latchkey.entrypoints.http.requests import Anyone, SignedIn, cookies_of, source_of
from latchkey.entrypoints.http.responses import Json


class OwnAccountController(Controller):
    """The routes of the own account."""

    path = "/api/auth"
    tags = ("Authentication",)

    @get(
        "/account",
        summary="Get the own account",
        responses=problems(*BEARER, StorageUnavailableError),
    )
    async def read_account(
        self, request: SignedIn, read_account: NamedDependency[ReadAccount]
    ) -> AccountBody:
        """Return the account as stored now, and the address that it is to have."""
        return AccountBody.of(await read_account(request.user))

    @post(
        "/account",
        status_code=200,
        summary="Change the own name",
        responses=problems(*BEARER, *BODY, StorageUnavailableError),
    )
    async def change_name(
        self,
        request: SignedIn,
        data: JSONBody[NameChangeBody],
        change_name: NamedDependency[ChangeName],
    ) -> UserBody:
        """Change the name of the account. Sessions go on."""
        command = ChangeNameCommand(by=request.user, name=data.name, source=source_of(request))
        return UserBody.of(await change_name(command))

    @post(
        "/email-changes",
        status_code=202,
        csrf=True,
        summary="Ask for another e-mail address",
        responses=problems(
            *BEARER,
            *BODY,
            MailDisabledError,
            ReauthenticationRequiredError,
            PasswordIncorrectError,
            OriginNotAllowedError,
            TooManyAttemptsError,
            TooManyMailsError,
            PasswordHasherBusyError,
            StorageUnavailableError,
        ),
    )
    async def request_email_change(
        self,
        request: SignedIn,
        data: JSONBody[EmailChangeBody],
        request_email_change: NamedDependency[RequestEmailChange],
    ) -> MessageBody:
        """Send a link to the new address. Nothing changes until it is used."""
        command = RequestEmailChangeCommand(
            by=request.user,
            email=data.email,
            current=Password(data.current_password),
            languages=languages_of(request.headers.get("accept-language", "")),
            source=source_of(request),
        )
        await request_email_change(command)
        return MessageBody(message="A mail is on its way to this address")

    @post(
        "/email-changes/cancel",
        status_code=200,
        summary="Withdraw the request for another e-mail address",
        responses=problems(*BEARER, StorageUnavailableError),
    )
    async def cancel_email_change(
        self, request: SignedIn, cancel_email_change: NamedDependency[CancelEmailChange]
    ) -> MessageBody:
        """Withdraw the link that was sent, if there is one."""
        await cancel_email_change(request.user, source_of(request))
        return MessageBody(message="The e-mail address stays as it is")

    @post(
        "/email-changes/complete",
        public=True,
        status_code=200,
        csrf=True,
        security=NO_SECURITY,
        summary="Change the e-mail address by a link",
        response_headers=SETS_DEVICE_COOKIE,
        responses=problems(
            *BODY,
            LinkInvalidError,
            LinkEndedError,
            PasswordIncorrectError,
            EmailTakenError,
            OriginNotAllowedError,
            TooManyAttemptsError,
            PasswordHasherBusyError,
            StorageUnavailableError,
        ),
    )
    async def change_email(
        self,
        request: Anyone,
        data: JSONBody[NewEmailBody],
        change_email: NamedDependency[ChangeEmail],
    ) -> Json[UserBody]:
        """Give the account the address that the link was sent to. Sessions go on."""
        command = ChangeEmailCommand(
            token=data.token, password=Password(data.password), source=source_of(request)
        )
        changed = await change_email(command)
        cookie = cookies_of(request).device.write(changed.device, LIFETIME)
        return Json(UserBody.of(changed.user), set_cookies=(cookie,))

    @post(
        "/account/delete",
        status_code=200,
        csrf=True,
        summary="Delete the own account",
        responses=problems(
            *BEARER,
            *BODY,
            ReauthenticationRequiredError,
            PasswordIncorrectError,
            LastAdminError,
            OriginNotAllowedError,
            TooManyAttemptsError,
            PasswordHasherBusyError,
            StorageUnavailableError,
        ),
    )
    async def delete_account(
        self,
        request: SignedIn,
        data: JSONBody[DeletionBody],
        delete_account: NamedDependency[DeleteAccount],
    ) -> MessageBody:
        """Delete the account, and end all sessions. It cannot be undone."""
        command = DeleteAccountCommand(
            by=request.user, current=Password(data.current_password), source=source_of(request)
        )
        await delete_account(command)
        return MessageBody(message="The account was deleted")
