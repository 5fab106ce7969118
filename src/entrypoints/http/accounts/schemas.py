"""Request and response bodies for accounts: JSON with camelCase members."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from typing_extensions import override

from latchkey.domain.accounts.user import Role, User

Email = Annotated[
    str, Meta(description="E-mail address, at most 254 bytes.", examples=["ada@example.com"])
]


NewPassword = Annotated[
    str,
    Meta(
        description="8 to 128 characters; common passwords are rejected.",
        examples=["correct horse battery"],
    ),
]


Name = Annotated[str, Meta(description="1 to 200 characters.", examples=["Ada Lovelace"])]


class Typed(Struct, forbid_unknown_fields=True, frozen=True):
    """A request body that contains a password, so `repr` hides it."""

    @override
    def __repr__(self) -> str:
        return f"{type(self).__name__}(***)"


class UserBody(Struct, frozen=True):
    """A user."""

    id: UUID
    email: Email
    name: Name
    role: Role

    @classmethod
    def of(cls, user: User) -> "UserBody":
        """Encode a user."""
        return cls(id=user.id, email=user.email.text, name=user.name, role=user.role)


class MessageBody(Struct, frozen=True):
    """A message for people."""

    message: str
