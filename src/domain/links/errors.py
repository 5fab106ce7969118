"""Errors about links."""

from latchkey.domain.kernel.errors import LatchkeyError
from latchkey.domain.links.link_end import LinkEnd


class LinkInvalidError(LatchkeyError):
    """The link was not issued by this service, or not for this operation."""

    code = "link_invalid"


class LinkEndedError(LatchkeyError):
    """The service issued the link, but it is no longer good.

    Attributes:
        reason: Why it has ended.
    """

    code = "link_ended"

    def __init__(self, reason: LinkEnd) -> None:
        super().__init__(reason)
        self.reason = reason
