"""Request and response bodies for the own account: JSON with camelCase members."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from latchkey.application.own_account.read_account import OwnAccount
from latchkey.domain.accounts.user import Role
from latchkey.entrypoints.http.accounts.schemas import Email, Name, Typed
from latchkey.entrypoints.http.links.schemas import LinkTokenText

CurrentPassword = Annotated[str, Meta(description="The current password.")]


class AccountBody(Struct, frozen=True, rename="camel"):
    """The account of the signed-in user."""

    id: UUID
    email: Email
    name: Name
    role: Role
    created_at: datetime
    pending_email: Email | None

    @classmethod
    def of(cls, account: OwnAccount) -> "AccountBody":
        """Encode an account."""
        user, pending = account.user, account.pending_email
        return cls(
            id=user.id,
            email=user.email.text,
            name=user.name,
            role=user.role,
            created_at=user.created_at,
            pending_email=pending.text if pending else None,
        )


class NameChangeBody(Struct, forbid_unknown_fields=True, frozen=True):
    """The name that the account is to have."""

    name: Name


class EmailChangeBody(Typed, frozen=True, rename="camel"):
    """The address that the account is to have, and the current password."""

    email: Email
    current_password: CurrentPassword


class DeletionBody(Typed, frozen=True, rename="camel"):
    """The current password of the account that is to be deleted."""

    current_password: CurrentPassword


class NewEmailBody(Typed, frozen=True):
    """The token of a link to the new address, and the current password."""

    token: LinkTokenText
    password: CurrentPassword
