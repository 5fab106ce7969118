"""Request and response bodies for registration: JSON with camelCase members."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from latchkey.application.registration.features import Features
from latchkey.domain.accounts.registration import Registration
from latchkey.domain.accounts.user import Role
from latchkey.domain.links.link import Link
from latchkey.entrypoints.http.accounts.schemas import Email, Name, NewPassword, Typed
from latchkey.entrypoints.http.links.schemas import LinkTokenText


class FeaturesBody(Struct, frozen=True, rename="camel"):
    """What this deployment offers."""

    registration: Registration
    mail: bool
    second_factors: bool

    @classmethod
    def of(cls, features: Features) -> "FeaturesBody":
        """Encode what there is."""
        return cls(
            registration=features.registration,
            mail=features.mail,
            second_factors=features.second_factors,
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
