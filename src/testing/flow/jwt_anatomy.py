"""Access tokens taken apart and put together again, by hand (RFC 7515, RFC 7519)."""

import base64
import json
from dataclasses import dataclass, replace
from typing import Any, Self

from latchkey.testing.flow.deployments import Forger


@dataclass(frozen=True, slots=True, kw_only=True)
class Anatomy:
    """The parts of a JWT in its compact form, decoded.

    Attributes:
        header: As JSON text, so that it can be anything.
        payload: As JSON text, so that it can be anything.
    """

    header: bytes
    payload: bytes
    signature: bytes

    @classmethod
    def of(cls, token: str) -> Self:
        """Parse a token."""
        header, payload, signature = (_decode(segment) for segment in token.split("."))
        return cls(header=header, payload=payload, signature=signature)

    @property
    def header_members(self) -> dict[str, Any]:
        """The header, parsed."""
        members: dict[str, Any] = json.loads(self.header)
        return members

    @property
    def claims(self) -> dict[str, Any]:
        """The payload, parsed."""
        members: dict[str, Any] = json.loads(self.payload)
        return members

    def with_header(self, **members: object) -> Self:
        """Return a copy with other header members; a member that is None is removed."""
        return replace(self, header=_dump(self.header_members | members))

    def with_claims(self, **members: object) -> Self:
        """Return a copy with other claims; a claim that is None is removed."""
        return replace(self, payload=_dump(self.claims | members))

    def with_payload(self, payload: bytes) -> Self:
        """Return a copy with another payload."""
        return replace(self, payload=payload)

    def with_header_text(self, header: bytes) -> Self:
        """Return a copy with another header."""
        return replace(self, header=header)

    @property
    def signing_input(self) -> str:
        """The first two segments."""
        return f"{encode(self.header)}.{encode(self.payload)}"

    @property
    def token(self) -> str:
        """The compact form, with the unchanged signature."""
        return f"{self.signing_input}.{encode(self.signature)}"

    def signed(self, forger: Forger) -> str:
        """The compact form, with a correct signature."""
        signature = forger.sign(self.signing_input.encode())
        return f"{self.signing_input}.{encode(signature)}"


def encode(data: bytes) -> str:
    """Encode bytes as base64url without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(segment: str) -> bytes:
    return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


def _dump(members: dict[str, Any]) -> bytes:
    kept = {name: value for name, value in members.items() if value is not None}
    return json.dumps(kept, separators=(",", ":")).encode()
