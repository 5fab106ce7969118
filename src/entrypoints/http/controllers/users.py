"""Users, for administrators."""

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from application.create_user import CreateUser, CreateUserCommand
from application.list_users import ListUsers
from domain.password import Password
from entrypoints.http import cursors
from entrypoints.http.documented import problems
from entrypoints.http.guards import administrators
from entrypoints.http.pages import CursorParameter, Limit
from entrypoints.http.requests import SignedIn, caller_of
from entrypoints.http.schemas import NewUserBody, UserBody, UserPage

_COMMON = (
    "invalid_request",
    "access_token_missing",
    "access_token_invalid",
    "insufficient_role",
    "storage_unavailable",
)


class UserController(Controller):
    """Users."""

    path = "/api/admin/users"
    tags = ("Users",)
    guards = (administrators,)

    @get(summary="List users", responses=problems(*_COMMON))
    async def list_users(
        self,
        request: SignedIn,
        list_users: NamedDependency[ListUsers],
        limit: Limit = 20,
        cursor: CursorParameter = None,
    ) -> UserPage:
        """Show all users, newest first."""
        page = await list_users(request.user, after=cursors.read(cursor), limit=limit)
        return UserPage(
            items=[UserBody.of(user) for user in page.items], next_cursor=cursors.write(page.next)
        )

    @post(
        status_code=201,
        summary="Add a user",
        responses=problems(
            *_COMMON,
            "content_too_large",
            "unsupported_media_type",
            "email_taken",
            "password_hasher_busy",
        ),
    )
    async def create_user(
        self,
        request: SignedIn,
        data: JSONBody[NewUserBody],
        create_user: NamedDependency[CreateUser],
    ) -> UserBody:
        """Add a user with a first password."""
        command = CreateUserCommand(
            by=request.user,
            email=data.email,
            name=data.name,
            password=Password(data.password),
            role=data.role,
            caller=caller_of(request),
        )
        return UserBody.of(await create_user(command))
