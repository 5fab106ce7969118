"""New passwords of any user over HTTP, for administrators."""

from uuid import UUID

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from latchkey.application.administration.send_reset import SendReset
from latchkey.domain.accounts.errors import InsufficientRoleError
from latchkey.domain.accounts.user import UserId
from latchkey.domain.kernel.errors import NotFoundError, StorageUnavailableError
from latchkey.domain.mail.errors import MailDisabledError, TooManyMailsError
from latchkey.entrypoints.http.accounts.schemas import MessageBody
from latchkey.entrypoints.http.pipeline.guards import administrators
from latchkey.entrypoints.http.problems.declared import BEARER, problems
from latchkey.entrypoints.http.requests import SignedIn, source_of


class UserPasswordController(Controller):
    """The route with which administrators let a user choose a new password."""

    path = "/api/admin/users/{user:uuid}/password-resets"
    tags = ("Users",)
    guards = (administrators,)

    @post(
        status_code=202,
        summary="Send a user a link for a new password",
        responses=problems(
            *BEARER,
            InsufficientRoleError,
            MailDisabledError,
            NotFoundError,
            TooManyMailsError,
            StorageUnavailableError,
        ),
    )
    async def send_reset(
        self, request: SignedIn, user: FromPath[UUID], send_reset: NamedDependency[SendReset]
    ) -> MessageBody:
        """Send a link to the user's address. The administrator sees neither link nor password."""
        await send_reset(request.user, UserId(user), source_of(request))
        return MessageBody(message="A mail is on its way to the user")
