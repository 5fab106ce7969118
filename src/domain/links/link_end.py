"""Why links end."""

from enum import StrEnum


class LinkEnd(StrEnum):
    """Why a link is no longer good.

    Attributes:
        USED: It was used.
        EXPIRED: Its time is over.
        SUPERSEDED: What it stood on has changed since: the password, the address or the account.
        WITHDRAWN: There is no record of it any more, or who has invited may not do so any more.
    """

    USED = "used"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
