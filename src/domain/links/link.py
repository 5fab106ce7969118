"""Links as they are stored, and the port that stores them.

A link is stored when somebody asks for one, before it is known whether the address is a user's.
When its mail is sent, it is bound to the user. A link that makes a user is bound to them when it is
used, and one that changes an address is bound from the start. The token in the mail is computed
from the row and a key, so neither a copy of the database nor the key alone makes a link.
"""

import secrets
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Self

from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.accounts.password_credential import PasswordCredential
from latchkey.domain.accounts.user import Role, UserId
from latchkey.domain.kernel.identifier import new_id, time_of
from latchkey.domain.links.link_token import LinkId, LinkKind, LinkToken

SECRET_BYTES: Final = 16
NO_PASSWORD: Final = 0
"""The password version that a link which makes a user replaces."""

FIRST_PASSWORD: Final = 1
"""The password version of a new user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """The user whom a link is for, and the password that it stands on.

    Attributes:
        password_version: That of the user when the link was bound, >= 1; or `NO_PASSWORD` if the
            link has made the user.
    """

    user_id: UserId
    password_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Who has invited somebody, and to what.

    Attributes:
        role: That of the user to be.
        by: The administrator who invites, or None for an operator on the command line.
    """

    role: Role
    by: UserId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link that somebody has asked for. Every instant is an aware UTC datetime.

    Attributes:
        id: Contains the time of the request, to the millisecond. Its mail has the same id.
        email: The address that it was asked for. Hidden in `repr`, since it may be nobody's.
        secret: 16 random bytes, which a token needs besides the key; hidden in `repr`.
        expires_at: Whole seconds.
        invitation: Of the kind INVITATION, and of no other.
        binding: None until its mail is sent, and for ever if the address is nobody's. If it makes
            a user: None until it is used. Of the kind EMAIL_CHANGE: never None.
        result_version: The password version that its use has made or found, or None if it was not
            used.
    """

    id: LinkId
    kind: LinkKind
    email: EmailAddress = field(repr=False)
    secret: bytes = field(repr=False)
    expires_at: datetime
    invitation: Invitation | None = None
    binding: Binding | None = None
    result_version: int | None = None

    @classmethod
    def ask(
        cls,
        kind: LinkKind,
        email: EmailAddress,
        now: datetime,
        lifetime: timedelta,
        invitation: Invitation | None = None,
    ) -> Self:
        """Create a link that is not bound yet.

        Args:
            kind: What it is for.
            email: The address that it is asked for; of the kind EMAIL_CHANGE, the new one.
            now: The time of the request, aware UTC.
            lifetime: How long it is good, timedelta > 0.
            invitation: Of the kind INVITATION, and of no other.
        """
        return cls(
            id=LinkId(new_id(now)),
            kind=kind,
            email=email,
            secret=secrets.token_bytes(SECRET_BYTES),
            expires_at=(now + lifetime).replace(microsecond=0),
            invitation=invitation,
        )

    @property
    def created_at(self) -> datetime:
        """When it was asked for, to the millisecond, aware UTC datetime."""
        return time_of(self.id)

    @property
    def token(self) -> LinkToken | None:
        """The content of its token; None while it is not bound, unless it makes a user."""
        if self.binding is not None:
            version = self.binding.password_version
        elif self.kind.makes_user:
            version = NO_PASSWORD
        else:
            return None
        return LinkToken(
            kind=self.kind,
            link_id=self.id,
            password_version=version,
            expires_at=self.expires_at,
            secret=self.secret,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLink:
    """A link with the users whom it concerns, all read at one instant.

    Attributes:
        credential: That of the user whom the link is bound to. If it is not bound, and makes a
            user: that of the user who has its address. Else None.
        is_vouched: Whether whoever has invited is an enabled administrator, or an operator; False
            if nobody has.
    """

    link: Link
    credential: PasswordCredential | None
    is_vouched: bool = False


class LinkRepository(ABC):
    """Stores links. Each method is one atomic step, also among concurrent calls."""

    @abstractmethod
    async def add(self, link: Link) -> None:
        """Store a new link."""

    @abstractmethod
    async def bind(self, link_id: LinkId) -> None:
        """Bind a link to the enabled user who has its address, and to their password version.

        Does nothing if there is no such user or no such link, if the link is bound already, or if
        it makes a user.
        """

    @abstractmethod
    async def find(self, link_id: LinkId) -> FoundLink | None:
        """Return a link with the users whom it concerns, all as last committed, or None."""

    @abstractmethod
    async def use(self, link_id: LinkId, *, result_version: int) -> bool:
        """Mark a link as used. Of concurrent calls, exactly one succeeds.

        Args:
            link_id: A link that is bound.
            result_version: The password version that its use has made or found.

        Returns:
            Whether the link was there and not used before. If not, nothing has changed.
        """

    @abstractmethod
    async def use_for(self, link_id: LinkId, user_id: UserId) -> bool:
        """Mark a link as used to make a user, and bind it to them.

        Of concurrent calls, exactly one succeeds.

        Args:
            link_id: A link that makes a user.
            user_id: The user, with their first password.

        Returns:
            Whether the link was there and not used before. If not, nothing has changed.
        """

    @abstractmethod
    async def prune(self, created_before: datetime, *, limit: int) -> int:
        """Delete at most `limit` links that were asked for before an instant.

        Returns:
            How many were deleted; 0 while another process prunes.
        """
