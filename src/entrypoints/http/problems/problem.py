"""What a client is told about one kind of error (RFC 9457)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from latchkey.domain.kernel.errors import LatchkeyError

REALM: Final = "latchkey"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A kind of problem. Its code is that of the error that it stands for.

    Attributes:
        status: HTTP status code.
        title: What it is, in a few words; the same for each occurrence.
        detail: What happened, in a sentence without any value of the request.
        advice: What a client should do about it.
        error: The error code of a Bearer challenge (RFC 6750, section 3.1), if it has one.
    """

    status: int
    title: str
    detail: str
    advice: str
    error: str | None = None

    @property
    def challenge(self) -> str | None:
        """The `WWW-Authenticate` of its responses: on every 401, and where it has an error code."""
        if self.error is not None:
            return f'Bearer realm="{REALM}", error="{self.error}"'
        return f'Bearer realm="{REALM}"' if self.status == 401 else None


Problems = Mapping[type[LatchkeyError], Problem]
"""The problem of each error. An error without a row of its own has that of its nearest ancestor."""


def type_of(code: str) -> str:
    """Return the type of a problem: a URI reference to the page that explains it."""
    return f"/problems/{code}"
