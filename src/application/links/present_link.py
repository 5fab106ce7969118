"""Read a link that a client presents, and judge it (docs/flow.md, LK2)."""

from dataclasses import dataclass

from latchkey.domain.accounts.password_credential import PasswordCredential
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.links.judge import Standing, judge_link
from latchkey.domain.links.link import LinkRepository
from latchkey.domain.links.link_end import LinkEnd
from latchkey.domain.links.link_token import LinkToken, LinkTokenCodec


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedLink:
    """A genuine token of a link, and what it means.

    Attributes:
        credential: That of the user whom the link is for, if it is bound.
    """

    token: LinkToken
    meaning: Standing | LinkEnd
    credential: PasswordCredential | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentLink:
    """Decode a token, and judge the link that it names. Changes nothing."""

    links: LinkRepository
    codec: LinkTokenCodec
    clock: Clock

    async def __call__(self, encoded: str) -> PresentedLink:
        """Return what a presented token means.

        Raises:
            LinkInvalidError: The service has not issued the token. Found out without a query.
            LinkEndedError: The token has expired. Found out without a query.
        """
        now = self.clock.now()
        token = self.codec.decode(encoded, now)
        found = await self.links.find(token.link_id)
        return PresentedLink(
            token=token,
            meaning=judge_link(found, token, now),
            credential=found.credential if found else None,
        )
