"""One user over HTTP, for administrators."""

from typing import Final
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from latchkey.application.administration.change_user import ChangeUser
from latchkey.application.administration.show_user import ShowUser
from latchkey.domain.accounts.errors import InsufficientRoleError, LastAdminError
from latchkey.domain.accounts.user import UserId
from latchkey.domain.kernel.errors import NotFoundError, StorageUnavailableError
from latchkey.entrypoints.http.administration.schemas import ManagedUserBody, UserChangeBody
from latchkey.entrypoints.http.pipeline.guards import administrators
from latchkey.entrypoints.http.problems.declared import BEARER, BODY, problems
from latchkey.entrypoints.http.requests import SignedIn, source_of

_COMMON: Final = (*BEARER, InsufficientRoleError, NotFoundError, StorageUnavailableError)


class ManagedUserController(Controller):
    """The routes with which administrators look at a user and change them."""

    path = "/api/admin/users/{user:uuid}"
    tags = ("Users",)
    guards = (administrators,)

    @get(summary="Get a user", responses=problems(*_COMMON))
    async def get_user(
        self, request: SignedIn, user: FromPath[UUID], show_user: NamedDependency[ShowUser]
    ) -> ManagedUserBody:
        """Return a user, enabled or disabled."""
        return ManagedUserBody.of_managed(await show_user(request.user, UserId(user)))

    @post(
        status_code=200,
        summary="Change a user",
        responses=problems(*_COMMON, *BODY, LastAdminError),
    )
    async def change_user(
        self,
        request: SignedIn,
        user: FromPath[UUID],
        data: JSONBody[UserChangeBody],
        change_user: NamedDependency[ChangeUser],
        show_user: NamedDependency[ShowUser],
    ) -> ManagedUserBody:
        """Set the role of a user, disable a user, or enable one again."""
        command = data.command(UserId(user), request.user, source_of(request))
        changed = await change_user(command)
        shown = await show_user(None, changed.id)  # the caller's own role may be gone
        return ManagedUserBody.of_managed(shown)
