"""The `Set-Cookie` header, read the way a browser does (RFC 6265, section 5.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

import httpx

from latchkey.testing.flow.expectations import BrokenPromiseError


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCookie:
    """One cookie as a response sets it.

    Attributes:
        attributes: By lower-case name; a flag's value is empty.
    """

    name: str
    value: str = field(repr=False)
    attributes: Mapping[str, str]

    @classmethod
    def of(cls, response: httpx.Response) -> Self:
        """Read the only cookie that a response sets."""
        headers = response.headers.get_list("set-cookie")
        if len(headers) != 1:
            raise BrokenPromiseError("exactly one Set-Cookie header", response, promise="C1")
        pair, *attributes = (part.strip() for part in headers[0].split(";"))
        name, _, value = pair.partition("=")
        split = (attribute.partition("=") for attribute in attributes)
        return cls(name=name, value=value, attributes={key.lower(): text for key, _, text in split})

    @property
    def max_age(self) -> int:
        """The value of `Max-Age`, in seconds; 0 if there is none."""
        return int(self.attributes.get("max-age", "0"))
