"""Invitations, for administrators."""

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from latchkey.application.registration.invite import Invite, InviteCommand
from latchkey.domain.accounts.errors import (
    EmailTakenError,
    InsufficientRoleError,
    RegistrationClosedError,
)
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.domain.mail.errors import MailDisabledError, TooManyMailsError
from latchkey.entrypoints.http.openapi.problems import BEARER, BODY, problems
from latchkey.entrypoints.http.pipeline.guards import administrators
from latchkey.entrypoints.http.registration.schemas import InvitationBody, SentInvitationBody
from latchkey.entrypoints.http.requests import SignedIn, source_of


class InvitationController(Controller):
    """The routes with which administrators invite people."""

    path = "/api/admin/invitations"
    tags = ("Users",)
    guards = (administrators,)

    @post(
        status_code=201,
        summary="Invite somebody",
        responses=problems(
            *BEARER,
            *BODY,
            InsufficientRoleError,
            RegistrationClosedError,
            MailDisabledError,
            EmailTakenError,
            TooManyMailsError,
            StorageUnavailableError,
        ),
    )
    async def invite(
        self, request: SignedIn, data: JSONBody[InvitationBody], invite: NamedDependency[Invite]
    ) -> SentInvitationBody:
        """Send a link that makes a user with a role."""
        command = InviteCommand(
            by=request.user, email=data.email, role=data.role, source=source_of(request)
        )
        return SentInvitationBody.of(await invite(command), data.role)
