"""Users over HTTP, for administrators."""

from typing import Annotated, Final

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter

from latchkey.application.administration.create_user import CreateUser, CreateUserCommand
from latchkey.application.administration.list_users import ListUsers, UserFilter
from latchkey.application.administration.search_users import SearchUsers
from latchkey.domain.accounts.errors import (
    EmailTakenError,
    InsufficientRoleError,
    PasswordHasherBusyError,
)
from latchkey.domain.accounts.password import Password
from latchkey.domain.accounts.user import Role
from latchkey.domain.kernel.errors import (
    InvalidInputError,
    StorageUnavailableError,
    Violation,
)
from latchkey.entrypoints.http.accounts.schemas import UserBody
from latchkey.entrypoints.http.administration.schemas import (
    FoundUsers,
    NewUserBody,
    UserPage,
    UserStatus,
)
from latchkey.entrypoints.http.pagination import (
    CursorParameter,
    Limit,
    check_limit,
    read_cursor,
    write_cursor,
)
from latchkey.entrypoints.http.pipeline.guards import administrators
from latchkey.entrypoints.http.problems.declared import BEARER, BODY, problems
from latchkey.entrypoints.http.requests import SignedIn, source_of

_LONGEST_QUERY: Final = 254
Query = Annotated[
    str,
    QueryParameter(
        name="query",
        required=True,  # in the document, as are the lengths; `_check_query` checks them
        schema_extra={"min_length": 1, "max_length": _LONGEST_QUERY},
        description="The beginning of an address or a name, or an id; 1 to 254 characters.",
    ),
]
OfRole = Annotated[Role | None, QueryParameter(description="Only users with this role.")]
OfStatus = Annotated[UserStatus | None, QueryParameter(description="Only users of this status.")]
_COMMON = (*BEARER, InsufficientRoleError, StorageUnavailableError)


class UserController(Controller):
    """The routes with which administrators list and create users."""

    path = "/api/admin/users"
    tags = ("Users",)
    guards = (administrators,)

    @get(summary="List users", responses=problems(*_COMMON))
    async def list_users(  # noqa: PLR0913, PLR0917 - one for each parameter
        self,
        request: SignedIn,
        list_users: NamedDependency[ListUsers],
        role: OfRole = None,
        status: OfStatus = None,
        limit: Limit = 20,
        cursor: CursorParameter = None,
    ) -> UserPage:
        """List users, newest first: all, or those of a role or status.

        A page with a role or status may have fewer users than there are, or none: the next one
        goes on.
        """
        check_limit(request.scope["query_string"])
        wanted = UserFilter(
            role=role, disabled=None if status is None else status is UserStatus.DISABLED
        )
        page = await list_users(request.user, wanted, after=read_cursor(cursor), limit=limit)
        return UserPage(
            items=[UserBody.of(user) for user in page.items], next_cursor=write_cursor(page.next)
        )

    @get(
        "/search",
        summary="Find users",
        responses=problems(*_COMMON),
    )
    async def search_users(
        self,
        request: SignedIn,
        search_users: NamedDependency[SearchUsers],
        wanted: Query = "",
        limit: Limit = 20,
    ) -> FoundUsers:
        """Find users by the beginning of the address or the name, or by the id."""
        check_limit(request.scope["query_string"])
        _check_query(wanted)
        found = await search_users(request.user, wanted, limit=limit)
        return FoundUsers(items=[UserBody.of(user) for user in found])

    @post(
        status_code=201,
        summary="Create a user",
        responses=problems(*_COMMON, *BODY, EmailTakenError, PasswordHasherBusyError),
    )
    async def create_user(
        self,
        request: SignedIn,
        data: JSONBody[NewUserBody],
        create_user: NamedDependency[CreateUser],
    ) -> UserBody:
        """Create a user with a first password."""
        command = CreateUserCommand(
            by=request.user,
            email=data.email,
            name=data.name,
            password=Password(data.password),
            role=data.role,
            source=source_of(request),
        )
        return UserBody.of(await create_user(command))


def _check_query(text: str) -> None:
    """Reject a query that is missing or too long. Names the field `query`."""
    if not 0 < len(text) <= _LONGEST_QUERY:
        raise InvalidInputError(Violation("query", f"must have 1 to {_LONGEST_QUERY} characters"))
