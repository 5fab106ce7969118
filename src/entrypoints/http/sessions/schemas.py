"""Request and response bodies for sessions: JSON with camelCase members."""

from typing import Annotated, Final, Literal, Self

from msgspec import Meta, Struct

from latchkey.application.sign_in.open_session import LoggedIn
from latchkey.domain.sessions.access_token import AccessToken
from latchkey.entrypoints.http.accounts.schemas import Email, Typed, UserBody

_BEARER: Final = "Bearer"


class LoginBody(Typed, frozen=True):
    """The credentials of a login."""

    email: Email
    password: Annotated[str, Meta(description="The password.", examples=["correct horse battery"])]


class AudienceBody(Struct, forbid_unknown_fields=True, frozen=True):
    """The service that a token is wanted for."""

    audience: Annotated[
        str, Meta(description="The name of the other service.", examples=["orders"])
    ]


class TokenBody(Struct, frozen=True, rename="camel", kw_only=True):
    """A new access token. If there is a refresh token, it is in the cookie."""

    access_token: Annotated[str, Meta(description="A JWT, for `Authorization: Bearer`.")]
    token_type: Literal["Bearer"]
    expires_in: Annotated[
        int, Meta(description="The lifetime of the access token in seconds.", examples=[900])
    ]

    @classmethod
    def of(cls, access: AccessToken) -> "TokenBody":
        """Encode an access token."""
        return cls(
            access_token=access.encoded,
            token_type=_BEARER,
            expires_in=int(access.expires_in.total_seconds()),
        )


class LoginAnswer(TokenBody, frozen=True, rename="camel", kw_only=True):
    """A new access token, and its user."""

    user: UserBody

    @classmethod
    def of_login(cls, logged_in: LoggedIn) -> Self:
        """Encode the result of a login."""
        access = logged_in.tokens.access
        return cls(
            access_token=access.encoded,
            token_type=_BEARER,
            expires_in=int(access.expires_in.total_seconds()),
            user=UserBody.of(logged_in.user),
        )


class MessageBody(Struct, frozen=True):
    """A message for people."""

    message: str
