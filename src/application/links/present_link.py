"""Read a link that a client presents, and judge it (docs/flow.md, LK2)."""

from collections.abc import Collection
from dataclasses import dataclass

from latchkey.domain.accounts.password_credential import PasswordCredential
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.links.errors import LinkInvalidError
from latchkey.domain.links.judge import Standing, judge_link
from latchkey.domain.links.link import Link, LinkRepository
from latchkey.domain.links.link_end import LinkEnd
from latchkey.domain.links.link_token import LinkKind, LinkToken, LinkTokenCodec


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedLink:
    """A genuine token of a link, and what it means.

    Attributes:
        link: The link as stored, or None if it is not.
        credential: That of the user whom the link concerns, if there is one; see `FoundLink`.
    """

    token: LinkToken
    meaning: Standing | LinkEnd
    link: Link | None
    credential: PasswordCredential | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentLink:
    """Decode a token, and judge the link that it names. Changes nothing."""

    links: LinkRepository
    codec: LinkTokenCodec
    clock: Clock

    async def __call__(
        self, encoded: str, kinds: Collection[LinkKind] = tuple(LinkKind)
    ) -> PresentedLink:
        """Return what a presented token means.

        Args:
            encoded: What the client presented; may be any text.
            kinds: The kinds of links that will do.

        Raises:
            LinkInvalidError: The service has not issued the token, or it is of another kind. Found
                out without a query.
            LinkEndedError: The token has expired. Found out without a query.
        """
        now = self.clock.now()
        token = self.codec.decode(encoded, now)
        if token.kind not in kinds:
            raise LinkInvalidError
        found = await self.links.find(token.link_id)
        return PresentedLink(
            token=token,
            meaning=judge_link(found, token, now),
            link=found.link if found else None,
            credential=found.credential if found else None,
        )
