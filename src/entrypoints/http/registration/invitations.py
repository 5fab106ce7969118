"""Invitations, for administrators."""

from typing import Final
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from latchkey.application.registration.invite import Invite, InviteCommand
from latchkey.application.registration.list_invitations import ListInvitations
from latchkey.application.registration.withdraw_invitation import (
    WithdrawInvitation,
    WithdrawInvitationCommand,
)
from latchkey.domain.accounts.errors import (
    EmailTakenError,
    InsufficientRoleError,
    RegistrationClosedError,
)
from latchkey.domain.kernel.errors import NotFoundError, StorageUnavailableError
from latchkey.domain.links.link_token import LinkId
from latchkey.domain.mail.errors import MailDisabledError, TooManyMailsError
from latchkey.entrypoints.http.accounts.schemas import MessageBody
from latchkey.entrypoints.http.pagination import (
    CursorParameter,
    Limit,
    check_limit,
    read_cursor,
)
from latchkey.entrypoints.http.pipeline.guards import administrators
from latchkey.entrypoints.http.problems.declared import BEARER, BODY, problems
from latchkey.entrypoints.http.registration.schemas import (
    InvitationBody,
    InvitationPage,
    SentInvitationBody,
)
from latchkey.entrypoints.http.requests import SignedIn, source_of

_COMMON: Final = (*BEARER, InsufficientRoleError, StorageUnavailableError)


class InvitationController(Controller):
    """The routes with which administrators invite people, and withdraw invitations."""

    path = "/api/admin/invitations"
    tags = ("Users",)
    guards = (administrators,)

    @get(summary="List the open invitations", responses=problems(*_COMMON))
    async def list_invitations(
        self,
        request: SignedIn,
        list_invitations: NamedDependency[ListInvitations],
        limit: Limit = 20,
        cursor: CursorParameter = None,
    ) -> InvitationPage:
        """List the invitations that can still be used, newest first, without their links."""
        check_limit(request.scope["query_string"])
        page = await list_invitations(request.user, after=read_cursor(cursor), limit=limit)
        return InvitationPage.of(page)

    @post(
        status_code=201,
        summary="Invite somebody",
        responses=problems(
            *_COMMON,
            *BODY,
            RegistrationClosedError,
            MailDisabledError,
            EmailTakenError,
            TooManyMailsError,
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

    @post(
        "/{invitation:uuid}/withdraw",
        status_code=200,
        summary="Withdraw an invitation",
        responses=problems(*_COMMON, NotFoundError),
    )
    async def withdraw_invitation(
        self,
        request: SignedIn,
        invitation: FromPath[UUID],
        withdraw_invitation: NamedDependency[WithdrawInvitation],
    ) -> MessageBody:
        """Withdraw an invitation, and all others to its address."""
        command = WithdrawInvitationCommand(
            by=request.user, link_id=LinkId(invitation), source=source_of(request)
        )
        await withdraw_invitation(command)
        return MessageBody(message="The invitation is withdrawn")
