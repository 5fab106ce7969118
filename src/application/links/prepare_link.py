"""Compute a link when its mail is sent (docs/flow.md, PR2, RG2 and EC2)."""

from dataclasses import dataclass, field
from datetime import datetime

from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.accounts.user import User, UserRepository
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.links.judge import Standing, judge_link
from latchkey.domain.links.link import LinkRepository
from latchkey.domain.links.link_end import LinkEnd
from latchkey.domain.links.link_token import LinkId, LinkKind, LinkTokenCodec


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedLink:
    """A link that can be sent.

    Attributes:
        user: The user whom the link is for, or None if it makes a user.
        email: The address that it goes to: for a new password the user's as stored, or else the
            one it was asked for.
        token: 100 URL-safe characters; hidden in `repr`.
        expires_at: Aware UTC datetime.
    """

    user: User | None
    email: EmailAddress
    token: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressTaken:
    """A user has the address that somebody wants for their account, and is told so instead."""

    user: User


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareLink:
    """Bind a link to the user who has its address, and compute its token.

    Only here is it found out whether the address is a user's. Whoever asked for the link has had
    their response long before.
    """

    links: LinkRepository
    users: UserRepository
    codec: LinkTokenCodec
    clock: Clock

    async def __call__(self, link_id: LinkId) -> PreparedLink | AddressTaken | None:
        """Return the link, or None if it must not be sent. Called again, it returns the same.

        A link for a new password is not sent if no enabled user has its address. A link that makes
        a user, or changes an address, is not sent if another user has the address. No link is sent
        that would not be good on arrival.
        """
        await self.links.bind(link_id)
        found = await self.links.find(link_id)
        token = found.link.token if found else None
        if found is None or token is None:
            return None
        meaning = judge_link(found, token, self.clock.now())
        user = found.credential.user if found.credential else None
        if token.kind is LinkKind.REGISTRATION and meaning is LinkEnd.SUPERSEDED:
            return AddressTaken(user=user) if user else None
        if meaning is not Standing.GOOD:
            return None
        if token.kind is LinkKind.EMAIL_CHANGE:
            holder = await self.users.by_email(found.link.email)
            if holder is not None and user is not None and holder.id != user.id:
                return AddressTaken(user=holder)
        stored = user.email if user and token.kind is LinkKind.PASSWORD_RESET else None
        return PreparedLink(
            user=user,
            email=stored or found.link.email,
            token=self.codec.encode(token),
            expires_at=token.expires_at,
        )
