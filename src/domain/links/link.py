"""Links as they are stored, and the port that stores them.

A link is stored when somebody asks for one, before it is known whether the address is a user's.
When its mail is sent, it is bound to the user. The token in the mail is computed from the row and
a key, so neither a copy of the database nor the key alone makes a link.
"""

import secrets
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Self

from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.accounts.password_credential import PasswordCredential
from latchkey.domain.accounts.user import UserId
from latchkey.domain.kernel.identifier import new_id
from latchkey.domain.links.link_token import LinkId, LinkKind, LinkToken

SECRET_BYTES: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """The user whom a link is for, and the password that it replaces.

    Attributes:
        password_version: That of the user when the link was bound, >= 1.
    """

    user_id: UserId
    password_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link that somebody has asked for. Every instant is an aware UTC datetime.

    Attributes:
        id: Contains the time of the request, to the millisecond. Its mail has the same id.
        email: The canonical form of the address that it was asked for. Hidden in `repr`, since
            it may be nobody's.
        secret: 16 random bytes, which a token needs besides the key; hidden in `repr`.
        expires_at: Whole seconds.
        binding: None until its mail is sent, and for ever if the address is nobody's.
        result_version: The password version that its use has made, or None if it was not used.
    """

    id: LinkId
    kind: LinkKind
    email: str = field(repr=False)
    secret: bytes = field(repr=False)
    expires_at: datetime
    binding: Binding | None = None
    result_version: int | None = None

    @classmethod
    def ask(cls, kind: LinkKind, email: EmailAddress, now: datetime, lifetime: timedelta) -> Self:
        """Create a link that is not bound yet.

        Args:
            kind: What it is for.
            email: The address that it is asked for.
            now: The time of the request, aware UTC.
            lifetime: How long it is good, timedelta > 0.
        """
        return cls(
            id=LinkId(new_id(now)),
            kind=kind,
            email=email.canonical,
            secret=secrets.token_bytes(SECRET_BYTES),
            expires_at=(now + lifetime).replace(microsecond=0),
        )

    @property
    def token(self) -> LinkToken | None:
        """The content of its token, or None while it is not bound."""
        if self.binding is None:
            return None
        return LinkToken(
            kind=self.kind,
            link_id=self.id,
            password_version=self.binding.password_version,
            expires_at=self.expires_at,
            secret=self.secret,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLink:
    """A link with the credential of the user whom it is bound to, both read at one instant.

    Attributes:
        credential: None if the link is not bound.
    """

    link: Link
    credential: PasswordCredential | None


class LinkRepository(ABC):
    """Stores links. Each method is one atomic step, also among concurrent calls."""

    @abstractmethod
    async def add(self, link: Link) -> None:
        """Store a new link."""

    @abstractmethod
    async def bind(self, link_id: LinkId) -> None:
        """Bind a link to the enabled user who has its address, and to their password version.

        Does nothing if there is no such user or no such link, or if the link is bound already.
        """

    @abstractmethod
    async def find(self, link_id: LinkId) -> FoundLink | None:
        """Return a link with its user, both as last committed, or None."""

    @abstractmethod
    async def use(self, link_id: LinkId, *, result_version: int) -> bool:
        """Mark a link as used. Of concurrent calls, exactly one succeeds.

        Args:
            link_id: A link that is bound.
            result_version: The password version that its use has made.

        Returns:
            Whether the link was there and not used before. If not, nothing has changed.
        """

    @abstractmethod
    async def prune(self, created_before: datetime, *, limit: int) -> int:
        """Delete at most `limit` links that were asked for before an instant.

        Returns:
            How many were deleted; 0 while another process prunes.
        """
