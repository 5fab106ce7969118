"""The `Set-Cookie` header, read the way a browser does (RFC 6265, section 5.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

import httpx


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCookie:
    """One cookie as an answer sets it.

    Attributes:
        attributes: By lower-case name; a flag's value is empty.
    """

    name: str
    value: str = field(repr=False)
    attributes: Mapping[str, str]

    @classmethod
    def of(cls, answer: httpx.Response) -> Self:
        """Read the only cookie that an answer sets."""
        (header,) = answer.headers.get_list("set-cookie")
        pair, *attributes = (part.strip() for part in header.split(";"))
        name, _, value = pair.partition("=")
        split = (attribute.partition("=") for attribute in attributes)
        return cls(name=name, value=value, attributes={key.lower(): text for key, _, text in split})

    @property
    def max_age(self) -> int:
        """How long the cookie is kept, in seconds."""
        return int(self.attributes["max-age"])
