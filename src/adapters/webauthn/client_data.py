"""What the browser says about a ceremony: JSON that the device signs the hash of.

Source: WebAuthn Level 3, section 5.8.1.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self

from latchkey.domain.factors.errors import PasskeyInvalidError

CREATE: Final = "webauthn.create"
GET: Final = "webauthn.get"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientData:
    """The members that matter.

    Attributes:
        kind: `CREATE`, `GET`, or any other text.
        challenge: As text.
        origin: That of the page.
        is_framed: Whether the page was in a frame of another origin, or may have been.
    """

    kind: str
    challenge: str
    origin: str
    is_framed: bool

    @classmethod
    def read(cls, raw: bytes) -> Self:
        """Parse the client data, which may be any bytes.

        Raises:
            PasskeyInvalidError: They are not a JSON object as browsers send it.
        """
        try:
            members = json.loads(raw.decode())
        except (ValueError, RecursionError):
            raise PasskeyInvalidError from None
        if not isinstance(members, dict):
            raise PasskeyInvalidError
        texts = [members.get(name) for name in ("type", "challenge", "origin")]
        kind, challenge, origin = (text if isinstance(text, str) else None for text in texts)
        if kind is None or challenge is None or origin is None:
            raise PasskeyInvalidError
        is_framed = members.get("crossOrigin", False) is not False or "topOrigin" in members
        return cls(kind=kind, challenge=challenge, origin=origin, is_framed=is_framed)

    def check(self, kind: str, is_own: Callable[[str], bool]) -> None:
        """Check that a page of the service has asked for this.

        Args:
            kind: What it must have asked for.
            is_own: Whether an origin is one of the service's pages.

        Raises:
            PasskeyInvalidError: It was another page, a frame, or another request.

        Source: WebAuthn Level 3, sections 7.1 and 7.2 (steps 7 to 13 and 10 to 14).
        """
        if self.kind != kind or self.is_framed or not is_own(self.origin):
            raise PasskeyInvalidError
