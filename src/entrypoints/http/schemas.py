"""What goes over the wire: JSON with camelCase members."""

from datetime import datetime
from typing import Annotated, Final, Literal, Self
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType
from typing_extensions import override

from application.login import LoggedIn
from application.token_pair import TokenPair
from domain.errors import EndReason
from domain.order import Order, OrderStatus
from domain.user import Role, User

Email = Annotated[
    str, Meta(description="E-mail address, at most 254 bytes.", examples=["ada@example.com"])
]
NewPassword = Annotated[
    str,
    Meta(description="8 to 128 characters; not a common one.", examples=["correct horse battery"]),
]
_BEARER: Final = "Bearer"
Name = Annotated[str, Meta(description="1 to 200 characters.", examples=["Ada Lovelace"])]


class Typed(Struct, forbid_unknown_fields=True, frozen=True):
    """What somebody typed, a password among it: never printed."""

    @override
    def __repr__(self) -> str:
        """Hide everything."""
        return f"{type(self).__name__}(***)"


class LoginBody(Typed, frozen=True):
    """E-mail and password as typed."""

    email: Email
    password: Annotated[str, Meta(description="The password.", examples=["correct horse battery"])]


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


class UserBody(Struct, frozen=True):
    """A user."""

    id: UUID
    email: Email
    name: Name
    role: Role

    @classmethod
    def of(cls, user: User) -> "UserBody":
        """Show a user."""
        return cls(id=user.id, email=user.email.text, name=user.name, role=user.role)


class TokenBody(Struct, frozen=True, rename="camel", kw_only=True):
    """A fresh access token; the refresh token travels in the cookie beside it."""

    access_token: Annotated[str, Meta(description="JWT, for `Authorization: Bearer`.")]
    token_type: Literal["Bearer"]
    expires_in: Annotated[int, Meta(description="Seconds.", examples=[900])]

    @classmethod
    def of(cls, pair: TokenPair) -> "TokenBody":
        """Show the access token of a pair."""
        return cls(
            access_token=pair.access.encoded,
            token_type=_BEARER,
            expires_in=int(pair.access.expires_in.total_seconds()),
        )


class LoginAnswer(TokenBody, frozen=True, rename="camel", kw_only=True):
    """A fresh access token, and whose it is."""

    user: UserBody

    @classmethod
    def of_login(cls, logged_in: LoggedIn) -> Self:
        """Show what a login has brought."""
        access = logged_in.tokens.access
        return cls(
            access_token=access.encoded,
            token_type=_BEARER,
            expires_in=int(access.expires_in.total_seconds()),
            user=UserBody.of(logged_in.user),
        )


class MessageBody(Struct, frozen=True):
    """A word to a person."""

    message: str


class OrderBody(Struct, frozen=True, rename="camel"):
    """An order."""

    id: UUID
    status: OrderStatus
    total_cents: Annotated[int, Meta(ge=0, description="Hundredths of the currency's unit.")]
    currency: Annotated[str, Meta(description="ISO 4217 code.", examples=["EUR"])]
    created_at: datetime

    @classmethod
    def of(cls, order: Order) -> "OrderBody":
        """Show an order."""
        return cls(
            id=order.id,
            status=order.status,
            total_cents=order.total_cents,
            currency=order.currency,
            created_at=order.created_at,
        )


Cursor = Annotated[
    str | None, Meta(description="For `cursor`, to get the next page; null at the end.")
]


class OrderPage(Struct, frozen=True, rename="camel"):
    """A page of orders, newest first."""

    items: list[OrderBody]
    next_cursor: Cursor


class UserPage(Struct, frozen=True, rename="camel"):
    """A page of users, newest first."""

    items: list[UserBody]
    next_cursor: Cursor


class HealthBody(Struct, frozen=True):
    """All is well."""

    status: Literal["ok"]


class FieldError(Struct, frozen=True):
    """One thing that is wrong with one field."""

    field: Annotated[str, Meta(description="The member's name; empty for the whole.")]
    message: str


class ProblemBody(Struct, frozen=True, rename="camel"):
    """Problem details (RFC 9457)."""

    type: Annotated[str, Meta(description="`/problems/<code>`, a page that explains it.")]
    title: str
    status: int
    detail: str
    code: Annotated[str, Meta(description="Stable; branch on this.")]
    request_id: str
    errors: Annotated[list[FieldError] | UnsetType, Meta(description="With `invalid_request`.")] = (
        UNSET
    )
    reason: Annotated[EndReason | UnsetType, Meta(description="With `session_ended`.")] = UNSET
