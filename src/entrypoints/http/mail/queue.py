"""Mails that are not sent yet, for administrators."""

from typing import Annotated, Final

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter

from latchkey.application.administration.list_mails import ListMails
from latchkey.application.administration.send_test_mail import SendTestMail, SendTestMailCommand
from latchkey.domain.accounts.errors import InsufficientRoleError
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.domain.mail.errors import MailDisabledError, TooManyMailsError
from latchkey.domain.mail.queue import MailStatus
from latchkey.entrypoints.http.accounts.schemas import MessageBody
from latchkey.entrypoints.http.mail.schemas import MailPage, TestMailBody
from latchkey.entrypoints.http.pagination import (
    CursorParameter,
    Limit,
    check_limit,
    read_cursor,
)
from latchkey.entrypoints.http.pipeline.guards import administrators
from latchkey.entrypoints.http.problems.declared import BEARER, BODY, problems
from latchkey.entrypoints.http.requests import SignedIn, source_of

_COMMON: Final = (*BEARER, InsufficientRoleError, StorageUnavailableError)
Wanted = Annotated[
    MailStatus, QueryParameter(description="Mails that wait, or those that were given up.")
]


class MailController(Controller):
    """The routes with which administrators watch and test the mail of a deployment."""

    path = "/api/admin/mails"
    tags = ("Mail",)
    guards = (administrators,)

    @get(summary="List the mails that are not sent", responses=problems(*_COMMON))
    async def list_mails(
        self,
        request: SignedIn,
        list_mails: NamedDependency[ListMails],
        status: Wanted = MailStatus.WAITING,
        limit: Limit = 20,
        cursor: CursorParameter = None,
    ) -> MailPage:
        """List mails that wait or were given up, newest first, without links and texts."""
        check_limit(request.scope["query_string"])
        page = await list_mails(request.user, status, after=read_cursor(cursor), limit=limit)
        return MailPage.of(page)

    @post(
        "/test",
        status_code=202,
        summary="Send a test mail",
        responses=problems(*_COMMON, *BODY, MailDisabledError, TooManyMailsError),
    )
    async def send_test_mail(
        self,
        request: SignedIn,
        data: JSONBody[TestMailBody],
        send_test_mail: NamedDependency[SendTestMail],
    ) -> MessageBody:
        """Send a test mail in the way of all mails."""
        await send_test_mail(
            SendTestMailCommand(by=request.user, email=data.email, source=source_of(request))
        )
        return MessageBody(message="A test mail is on its way")
