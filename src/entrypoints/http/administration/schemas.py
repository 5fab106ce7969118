"""Request and response bodies for administrators: JSON with camelCase members."""

from msgspec import Struct

from latchkey.domain.accounts.user import Role
from latchkey.entrypoints.http.accounts.schemas import (
    Email,
    Name,
    NewPassword,
    Typed,
    UserBody,
)
from latchkey.entrypoints.http.pagination import NextCursor


class BootstrapBody(Typed, frozen=True):
    """The administrator to create."""

    email: Email
    password: NewPassword
    name: Name


class NewUserBody(Typed, frozen=True):
    """The user to create."""

    email: Email
    password: NewPassword
    name: Name
    role: Role


class UserPage(Struct, frozen=True, rename="camel"):
    """A page of users, newest first."""

    items: list[UserBody]
    next_cursor: NextCursor
