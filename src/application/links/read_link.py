"""Read what a link is for (docs/flow.md, F55)."""

from dataclasses import dataclass
from datetime import datetime

from latchkey.application.links.present_link import PresentedLink, PresentLink
from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.links.errors import LinkEndedError
from latchkey.domain.links.judge import Standing
from latchkey.domain.links.link import Link
from latchkey.domain.links.link_end import LinkEnd
from latchkey.domain.links.link_token import LinkKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadableLink:
    """What the holder of a good link may know of it.

    Attributes:
        email: The address of the account, or what it will be.
        expires_at: Aware UTC datetime.
    """

    kind: LinkKind
    email: EmailAddress
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLink:
    """Read what a link is for and which address it is about. Changes nothing."""

    present: PresentLink

    async def __call__(self, encoded: str) -> ReadableLink:
        """Return what a link is for.

        Raises:
            LinkInvalidError: The service has not issued the link.
            LinkEndedError: The link is no longer good.
        """
        match await self.present(encoded):
            case PresentedLink(meaning=Standing.GOOD, token=token, link=Link(email=asked)) as good:
                resets = token.kind is LinkKind.PASSWORD_RESET
                stored = good.credential.user.email if good.credential else asked
                email = stored if resets else asked
                return ReadableLink(kind=token.kind, email=email, expires_at=token.expires_at)
            case PresentedLink(meaning=LinkEnd() as reason):
                raise LinkEndedError(reason)
            case _:
                raise LinkEndedError(LinkEnd.USED)
