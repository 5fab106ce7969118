"""The sessions of any user over HTTP, for administrators."""

from typing import Final
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from latchkey.application.administration.end_user_sessions import (
    EndUserSessions,
    EndUserSessionsCommand,
)
from latchkey.application.administration.list_user_sessions import ListUserSessions
from latchkey.domain.accounts.errors import InsufficientRoleError
from latchkey.domain.accounts.user import UserId
from latchkey.domain.kernel.errors import NotFoundError, StorageUnavailableError
from latchkey.entrypoints.http.pagination import (
    CursorParameter,
    Limit,
    check_limit,
    read_cursor,
)
from latchkey.entrypoints.http.pipeline.guards import administrators
from latchkey.entrypoints.http.problems.declared import BEARER, BODY, problems
from latchkey.entrypoints.http.requests import SignedIn, source_of
from latchkey.entrypoints.http.sessions.schemas import (
    EndedBody,
    EndUserSessionsBody,
    SessionPage,
)

_COMMON: Final = (*BEARER, InsufficientRoleError, NotFoundError, StorageUnavailableError)


class UserSessionController(Controller):
    """The routes with which administrators list and end the sessions of a user."""

    path = "/api/admin/users/{user:uuid}/sessions"
    tags = ("Users",)
    guards = (administrators,)

    @get(summary="List where a user is signed in", responses=problems(*_COMMON))
    async def list_user_sessions(
        self,
        request: SignedIn,
        user: FromPath[UUID],
        list_user_sessions: NamedDependency[ListUserSessions],
        limit: Limit = 20,
        cursor: CursorParameter = None,
    ) -> SessionPage:
        """List the active sessions of a user, newest first."""
        check_limit(request.scope["query_string"])
        page = await list_user_sessions(
            request.user, UserId(user), after=read_cursor(cursor), limit=limit
        )
        return SessionPage.of(page)

    @post(
        "/end",
        status_code=200,
        summary="End sessions of a user",
        responses=problems(*_COMMON, *BODY),
    )
    async def end_user_sessions(
        self,
        request: SignedIn,
        user: FromPath[UUID],
        data: JSONBody[EndUserSessionsBody],
        end_user_sessions: NamedDependency[EndUserSessions],
    ) -> EndedBody:
        """End some sessions of a user, or all of them."""
        command = EndUserSessionsCommand(
            by=request.user, user_id=UserId(user), chosen=data.chosen, source=source_of(request)
        )
        return EndedBody(ended=await end_user_sessions(command))
