"""A problem: what a client learns about one kind of error (RFC 9457)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from latchkey.domain.kernel.errors import LatchkeyError

REALM: Final = "latchkey"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A kind of problem. Its code is that of the error that it describes.

    Attributes:
        status: The HTTP status code.
        title: A few words, the same for each occurrence.
        detail: What happened. Contains no value of the request.
        advice: What a client should do.
        error: The error code of its Bearer challenge (RFC 6750, section 3.1), or None.
    """

    status: int
    title: str
    detail: str
    advice: str
    error: str | None = None

    @property
    def challenge(self) -> str | None:
        """The `WWW-Authenticate` header of every 401 and every problem with `error`, or None."""
        if self.error is not None:
            return f'Bearer realm="{REALM}", error="{self.error}"'
        return f'Bearer realm="{REALM}"' if self.status == 401 else None


Problems = Mapping[type[LatchkeyError], Problem]
"""The problem of each error class. A class without a row uses that of its nearest ancestor."""


def type_of(code: str) -> str:
    """Return the type of a problem: a URI reference to the page that explains it."""
    return f"/problems/{code}"
