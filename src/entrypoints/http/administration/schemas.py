"""Request and response bodies for administrators: JSON with camelCase members."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from latchkey.application.administration.change_user import ChangeUserCommand
from latchkey.application.administration.show_user import ShownUser
from latchkey.domain.accounts.user import Role, UserId
from latchkey.domain.audit.event import RequestSource
from latchkey.domain.sessions.access_token import Principal
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


class UserStatus(StrEnum):
    """Whether a user can log in."""

    ACTIVE = "active"
    DISABLED = "disabled"


class SecondFactorKind(StrEnum):
    """A kind of second factor."""

    TOTP = "totp"
    PASSKEY = "passkey"


class ManagedUserBody(UserBody, frozen=True, rename="camel", kw_only=True):
    """A user, as administrators see them."""

    status: UserStatus
    created_at: datetime
    second_factors: list[SecondFactorKind]

    @classmethod
    def of_managed(cls, shown: ShownUser) -> "ManagedUserBody":
        """Encode a user."""
        user = shown.user
        kinds = {SecondFactorKind.TOTP: shown.has_app, SecondFactorKind.PASSKEY: shown.has_passkey}
        return cls(
            second_factors=[kind for kind, is_there in kinds.items() if is_there],
            id=user.id,
            email=user.email.text,
            name=user.name,
            role=user.role,
            status=UserStatus.DISABLED if user.is_disabled else UserStatus.ACTIVE,
            created_at=user.created_at,
        )


class UserChangeBody(Struct, forbid_unknown_fields=True, frozen=True):
    """What to change of a user. What is left out stays as it is."""

    role: Role | UnsetType = UNSET
    disabled: Annotated[
        bool | UnsetType, Meta(description="Whether the user can no longer log in.")
    ] = UNSET

    def command(self, user_id: UserId, by: Principal, source: RequestSource) -> ChangeUserCommand:
        """Return the change, in the terms of the use case."""
        return ChangeUserCommand(
            by=by,
            user_id=user_id,
            role=None if self.role is UNSET else self.role,
            disabled=None if self.disabled is UNSET else self.disabled,
            source=source,
        )


class UserPage(Struct, frozen=True, rename="camel"):
    """A page of users, newest first."""

    items: list[UserBody]
    next_cursor: NextCursor


class FoundUsers(Struct, frozen=True):
    """Users whom a search has found: those by their address first, then those by their name."""

    items: list[UserBody]
