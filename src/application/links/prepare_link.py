"""Compute a link when its mail is sent (docs/flow.md, PR2)."""

from dataclasses import dataclass, field
from datetime import datetime

from latchkey.domain.accounts.user import User
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.links.judge import Standing, judge_link
from latchkey.domain.links.link import LinkRepository
from latchkey.domain.links.link_token import LinkId, LinkTokenCodec


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedLink:
    """A link that can be sent.

    Attributes:
        user: The user to whose stored address it goes.
        token: 100 URL-safe characters; hidden in `repr`.
        expires_at: Aware UTC datetime.
    """

    user: User
    token: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareLink:
    """Bind a link to the user who has its address, and compute its token.

    Only here is it found out whether the address is a user's. Whoever asked for the link has had
    their response long before.
    """

    links: LinkRepository
    codec: LinkTokenCodec
    clock: Clock

    async def __call__(self, link_id: LinkId) -> PreparedLink | None:
        """Return the link, or None if it must not be sent. Called again, it returns the same.

        A link is not sent if no enabled user has its address, or if it would be no longer good on
        arrival.
        """
        await self.links.bind(link_id)
        found = await self.links.find(link_id)
        if found is None or found.credential is None:
            return None
        token = found.link.token
        if token is None or judge_link(found, token, self.clock.now()) is not Standing.GOOD:
            return None
        return PreparedLink(
            user=found.credential.user,
            token=self.codec.encode(token),
            expires_at=token.expires_at,
        )
