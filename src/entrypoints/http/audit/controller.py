"""The audit log, for administrators."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from latchkey.application.audit.list_events import ListEvents
from latchkey.domain.accounts.errors import InsufficientRoleError
from latchkey.domain.accounts.user import UserId
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.audit.log import AuditFilter
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.domain.sessions.session_id import SessionId
from latchkey.entrypoints.http.audit.schemas import EventPage
from latchkey.entrypoints.http.pagination import (
    CursorParameter,
    Limit,
    check_limit,
    read_cursor,
)
from latchkey.entrypoints.http.pipeline.guards import administrators
from latchkey.entrypoints.http.problems.declared import BEARER, problems
from latchkey.entrypoints.http.requests import SignedIn

OfUser = Annotated[UUID | None, QueryParameter(description="Only events of this user.")]
OfSession = Annotated[UUID | None, QueryParameter(description="Only events of this session.")]
OfAction = Annotated[AuditAction | None, QueryParameter(description="Only events of this type.")]


class AuditController(Controller):
    """The route with which administrators read the audit log."""

    path = "/api/admin/audit"
    tags = ("Audit log",)
    guards = (administrators,)

    @get(
        summary="Read the audit log",
        responses=problems(*BEARER, InsufficientRoleError, StorageUnavailableError),
    )
    async def list_events(  # noqa: PLR0913, PLR0917 - one for each parameter
        self,
        request: SignedIn,
        list_events: NamedDependency[ListEvents],
        user: OfUser = None,
        session: OfSession = None,
        action: OfAction = None,
        limit: Limit = 20,
        cursor: CursorParameter = None,
    ) -> EventPage:
        """List what happened to accounts and sessions, newest first."""
        check_limit(request.scope["query_string"])
        wanted = AuditFilter(
            user_id=UserId(user) if user else None,
            session_id=SessionId(session) if session else None,
            action=action,
        )
        page = await list_events(request.user, wanted, after=read_cursor(cursor), limit=limit)
        return EventPage.of(page)
