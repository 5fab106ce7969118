"""Request and response bodies for sessions: JSON with camelCase members."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Final, Literal, Self
from uuid import UUID

from msgspec import Meta, Struct

from latchkey.application.sessions.end_sessions import Scope
from latchkey.application.sessions.list_sessions import ListedSession
from latchkey.application.sign_in.open_session import LoggedIn
from latchkey.domain.factors.authentication import SignInWay
from latchkey.domain.kernel.page import Page
from latchkey.domain.sessions.access_token import AccessToken
from latchkey.domain.sessions.session_id import SessionId
from latchkey.entrypoints.http.accounts.schemas import Email, Typed, UserBody
from latchkey.entrypoints.http.pagination import NextCursor, write_cursor

_BEARER: Final = "Bearer"


class LoginBody(Typed, frozen=True, rename="camel"):
    """The credentials of a login."""

    email: Email
    password: Annotated[str, Meta(description="The password.", examples=["correct horse battery"])]
    ask_second_factor: Annotated[
        bool,
        Meta(
            description="Whether a second factor is asked for on a remembered device, too, such as"
            " after `reauthentication_required`."
        ),
    ] = False


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


class SessionBody(Struct, frozen=True, rename="camel"):
    """A place where a user is signed in."""

    id: UUID
    current: Annotated[bool, Meta(description="Whether this request belongs to the session.")]
    device: Annotated[
        str | None,
        Meta(description="The browser and system, if known.", examples=["Firefox on Linux"]),
    ]
    address: Annotated[
        str | None,
        Meta(description="The IP address of the login, if known.", examples=["203.0.113.7"]),
    ]
    signed_in_with: Annotated[
        SignInWay | None, Meta(description="What the user has signed in with, if known.")
    ]
    started_at: Annotated[datetime, Meta(description="When the login was.")]
    last_seen_at: Annotated[datetime, Meta(description="When the session was last refreshed.")]
    expires_at: Annotated[datetime, Meta(description="When the session ends without a refresh.")]

    @classmethod
    def of(cls, listed: ListedSession) -> "SessionBody":
        """Encode a session."""
        return cls(
            id=listed.id,
            current=listed.is_current,
            device=listed.device or None,
            address=listed.address or None,
            signed_in_with=listed.signed_in_with,
            started_at=listed.started_at,
            last_seen_at=listed.last_seen_at,
            expires_at=listed.expires_at,
        )


class SessionPage(Struct, frozen=True, rename="camel"):
    """A page of sessions, newest first."""

    items: list[SessionBody]
    next_cursor: NextCursor

    @classmethod
    def of(cls, page: Page[ListedSession]) -> "SessionPage":
        """Encode a page."""
        return cls(
            items=[SessionBody.of(listed) for listed in page.items],
            next_cursor=write_cursor(page.next),
        )


class EndSessionsBody(Struct, forbid_unknown_fields=True, frozen=True):
    """Which sessions to end."""

    sessions: Annotated[
        Annotated[list[UUID], Meta(min_length=1, max_length=100)] | Scope,
        Meta(description="1 to 100 ids of sessions, `others` (all but the current one) or `all`."),
    ]

    @property
    def chosen(self) -> Scope | Collection[SessionId]:
        """The sessions to end, in the terms of the use case."""
        if isinstance(self.sessions, Scope):
            return self.sessions
        return [SessionId(each) for each in self.sessions]


class EndUserSessionsBody(Struct, forbid_unknown_fields=True, frozen=True):
    """Which sessions of a user to end."""

    sessions: Annotated[
        Annotated[list[UUID], Meta(min_length=1, max_length=100)] | Literal["all"],
        Meta(description="1 to 100 ids of sessions, or `all`."),
    ]

    @property
    def chosen(self) -> Collection[SessionId] | None:
        """The sessions to end, in the terms of the use case."""
        if isinstance(self.sessions, str):
            return None
        return [SessionId(each) for each in self.sessions]


class EndedBody(Struct, frozen=True):
    """How many sessions were ended."""

    ended: Annotated[int, Meta(ge=0)]
