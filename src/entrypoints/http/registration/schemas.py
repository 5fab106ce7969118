"""Request and response bodies for registration: JSON with camelCase members."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from latchkey.application.registration.features import Features
from latchkey.domain.accounts.registration import Registration
from latchkey.domain.accounts.user import Role
from latchkey.domain.kernel.page import Page
from latchkey.domain.links.link import Link
from latchkey.entrypoints.http.accounts.schemas import Email, Name, NewPassword, Typed
from latchkey.entrypoints.http.links.schemas import LinkTokenText
from latchkey.entrypoints.http.pagination import NextCursor, write_cursor


class FeaturesBody(Struct, frozen=True, rename="camel"):
    """What this deployment offers."""

    registration: Registration
    mail: bool
    second_factors: bool
    passkeys: bool

    @classmethod
    def of(cls, features: Features) -> "FeaturesBody":
        """Encode what there is."""
        return cls(
            registration=features.registration,
            mail=features.mail,
            second_factors=features.second_factors,
            passkeys=features.passkeys,
        )


class RegistrationBody(Typed, frozen=True):
    """The address of somebody who wants an account."""

    email: Email


class NewAccountBody(Typed, frozen=True):
    """The token of a link, and what the account will have besides its address."""

    token: LinkTokenText
    name: Name
    password: NewPassword


class InvitationBody(Typed, frozen=True):
    """Whom to invite, and to what."""

    email: Email
    role: Role


class SentInvitationBody(Struct, frozen=True, rename="camel"):
    """An invitation, without its link."""

    id: UUID
    email: Email
    role: Role
    expires_at: datetime

    @classmethod
    def of(cls, link: Link, role: Role) -> "SentInvitationBody":
        """Encode an invitation."""
        return cls(id=link.id, email=link.email.text, role=role, expires_at=link.expires_at)


class InvitationPage(Struct, frozen=True, rename="camel"):
    """A page of invitations, newest first."""

    items: list[SentInvitationBody]
    next_cursor: NextCursor

    @classmethod
    def of(cls, page: Page[Link]) -> "InvitationPage":
        """Encode a page."""
        return cls(
            items=[
                SentInvitationBody.of(link, link.invitation.role)
                for link in page.items
                if link.invitation is not None
            ],
            next_cursor=write_cursor(page.next),
        )
