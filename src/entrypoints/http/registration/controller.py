"""Registration: a link to the mailbox first, and then the account."""

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from latchkey.application.mail.request_link import RequestLinkCommand
from latchkey.application.registration.complete_registration import (
    CompleteRegistration,
    CompleteRegistrationCommand,
)
from latchkey.application.registration.features import Features
from latchkey.application.registration.request_registration import RequestRegistration
from latchkey.domain.accounts.errors import PasswordHasherBusyError, RegistrationClosedError
from latchkey.domain.accounts.password import Password
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.domain.links.errors import LinkEndedError, LinkInvalidError
from latchkey.domain.mail.errors import MailDisabledError, TooManyMailsError
from latchkey.domain.throttling.device import LIFETIME
from latchkey.domain.throttling.errors import TooManyAttemptsError
from latchkey.entrypoints.http.accounts.schemas import MessageBody, UserBody
from latchkey.entrypoints.http.languages import languages_of
from latchkey.entrypoints.http.problems.declared import (
    BODY,
    NO_SECURITY,
    SETS_DEVICE_COOKIE,
    problems,
)
from latchkey.entrypoints.http.problems.errors import OriginNotAllowedError
from latchkey.entrypoints.http.registration.schemas import (
    FeaturesBody,
    NewAccountBody,
    RegistrationBody,
)
from latchkey.entrypoints.http.requests import Anyone, cookies_of, source_of
from latchkey.entrypoints.http.responses import Json


class RegistrationController(Controller):
    """The routes of people who have no account yet."""

    path = "/api/auth"
    tags = ("Authentication",)

    @get(
        "/features",
        public=True,
        security=NO_SECURITY,
        summary="Get what this deployment offers",
        responses=problems(),
    )
    async def features(self, features: NamedDependency[Features]) -> FeaturesBody:
        """Return who may register, and whether mail is sent."""
        return FeaturesBody.of(features)

    @post(
        "/registrations",
        public=True,
        status_code=202,
        csrf=True,
        security=NO_SECURITY,
        summary="Ask for a link that makes an account",
        responses=problems(
            *BODY,
            RegistrationClosedError,
            MailDisabledError,
            OriginNotAllowedError,
            TooManyMailsError,
            StorageUnavailableError,
        ),
    )
    async def request_registration(
        self,
        request: Anyone,
        data: JSONBody[RegistrationBody],
        request_registration: NamedDependency[RequestRegistration],
    ) -> MessageBody:
        """Send a link, or tell the owner of the address that there is an account."""
        command = RequestLinkCommand(
            email=data.email,
            languages=languages_of(request.headers.get("accept-language", "")),
            source=source_of(request),
        )
        await request_registration(command)
        return MessageBody(message="A mail is on its way to this address")

    @post(
        "/registrations/complete",
        public=True,
        status_code=201,
        csrf=True,
        security=NO_SECURITY,
        summary="Create an account by a link",
        response_headers=SETS_DEVICE_COOKIE,
        responses=problems(
            *BODY,
            LinkInvalidError,
            LinkEndedError,
            RegistrationClosedError,
            OriginNotAllowedError,
            TooManyAttemptsError,
            PasswordHasherBusyError,
            StorageUnavailableError,
        ),
    )
    async def complete(
        self,
        request: Anyone,
        data: JSONBody[NewAccountBody],
        complete_registration: NamedDependency[CompleteRegistration],
    ) -> Json[UserBody]:
        """Create the account that a registration or an invitation is for. Opens no session."""
        command = CompleteRegistrationCommand(
            token=data.token,
            name=data.name,
            password=Password(data.password),
            source=source_of(request),
        )
        registered = await complete_registration(command)
        cookie = cookies_of(request).device.write(registered.device, LIFETIME)
        return Json(UserBody.of(registered.user), set_cookies=(cookie,))
