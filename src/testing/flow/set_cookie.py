"""The `Set-Cookie` header, read the way a browser does (RFC 6265, section 5.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self

import httpx

from latchkey.testing.flow.expectations import BrokenPromiseError, check

DEVICE: Final = "_device"
"""How the name of the device's cookie ends. An implementation may set none."""
REMEMBERED: Final = "_remembered_device"
"""How the name of the cookie of a remembered device ends."""


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
        """Read the cookie with the refresh token, of which a response sets one."""
        found = [each for each in cls._all(response) if not each.name.endswith(DEVICE)]
        if len(found) != 1:
            promised = "exactly one Set-Cookie header, and that of the device"
            raise BrokenPromiseError(promised, response, promise="C1")
        return found[0]

    @classmethod
    def of_device(cls, response: httpx.Response) -> Self:
        """Read the cookie of the device, of which a login sets one."""
        found = [each for each in cls._all(response) if each.name.endswith(DEVICE)]
        found = [each for each in found if not each.name.endswith(REMEMBERED)]
        if len(found) != 1:
            raise BrokenPromiseError("one cookie of the device", response, promise="C7")
        return found[0]

    @classmethod
    def of_remembered(cls, response: httpx.Response) -> Self | None:
        """Read the cookie of a remembered device, if the response sets it."""
        found = (each for each in cls._all(response) if each.name.endswith(REMEMBERED))
        return next(found, None)

    @classmethod
    def _all(cls, response: httpx.Response) -> list[Self]:
        return [cls._parsed(text) for text in response.headers.get_list("set-cookie")]

    @classmethod
    def _parsed(cls, text: str) -> Self:
        pair, *attributes = (part.strip() for part in text.split(";"))
        name, _, value = pair.partition("=")
        split = (attribute.partition("=") for attribute in attributes)
        return cls(name=name, value=value, attributes={key.lower(): text for key, _, text in split})

    @property
    def header(self) -> dict[str, str]:
        """The header that sends the cookie back."""
        return {"Cookie": f"{self.name}={self.value}"}

    @property
    def max_age(self) -> int:
        """The value of `Max-Age`, in seconds; 0 if there is none."""
        return int(self.attributes.get("max-age", "0"))


def check_no_session(response: httpx.Response) -> None:
    """Note a response that sets another cookie than that of the device (RG4)."""
    names = [text.partition("=")[0] for text in response.headers.get_list("set-cookie")]
    holds = all(name.endswith(DEVICE) for name in names)
    check("RG4", response, "no cookie but that of the device", holds=holds)
