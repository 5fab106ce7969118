"""The signed-in user."""

from litestar import Controller, get
from litestar.di import NamedDependency

from latchkey.application.accounts.current_user import CurrentUser
from latchkey.domain.kernel.errors import InvalidInputError, StorageUnavailableError
from latchkey.domain.sessions.errors import AccessTokenInvalidError, AccessTokenMissingError
from latchkey.entrypoints.http.accounts.schemas import UserBody
from latchkey.entrypoints.http.problems.declared import (
    problems,
)
from latchkey.entrypoints.http.requests import SignedIn


class AccountController(Controller):
    """The routes of the signed-in user's account."""

    path = "/api/auth"
    tags = ("Authentication",)

    @get(
        "/me",
        summary="Get the signed-in user",
        responses=problems(
            InvalidInputError,
            AccessTokenMissingError,
            AccessTokenInvalidError,
            StorageUnavailableError,
        ),
    )
    async def me(self, request: SignedIn, current_user: NamedDependency[CurrentUser]) -> UserBody:
        """Return the signed-in user as stored now. Fails if their role has changed."""
        return UserBody.of(await current_user(request.user))
