"""What administrators send and get: JSON with camelCase members."""

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
    """The first administrator."""

    email: Email
    password: NewPassword
    name: Name


class NewUserBody(Typed, frozen=True):
    """A user to add."""

    email: Email
    password: NewPassword
    name: Name
    role: Role


class UserPage(Struct, frozen=True, rename="camel"):
    """A page of users, newest first."""

    items: list[UserBody]
    next_cursor: NextCursor
