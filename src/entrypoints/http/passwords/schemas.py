"""Request bodies for new passwords: JSON with camelCase members."""

from typing import Annotated

from msgspec import Meta

from latchkey.entrypoints.http.accounts.schemas import Email, NewPassword, Typed
from latchkey.entrypoints.http.links.schemas import LinkTokenText


class ResetRequestBody(Typed, frozen=True):
    """The address of the account whose password is forgotten."""

    email: Email


class ResetBody(Typed, frozen=True):
    """The token of a link, and the new password."""

    token: LinkTokenText
    password: NewPassword


class ChangeBody(Typed, frozen=True, rename="camel"):
    """The current password and the new one."""

    current_password: Annotated[str, Meta(description="The current password.")]
    new_password: NewPassword
