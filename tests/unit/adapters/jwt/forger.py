"""An issuer that follows RFC 7515 by hand, so that it can break each of its rules."""

import base64
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

SECRET: Final = b"a secret of more than thirty-two bytes"
_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def unbase64url(segment: str) -> bytes:
    return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


def dumped(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def signature(signing_input: str, key: bytes = SECRET, digest: str = "sha256") -> str:
    return base64url(hmac.digest(key, signing_input.encode(errors="surrogatepass"), digest))


def signed(signing_input: str, key: bytes = SECRET, digest: str = "sha256") -> str:
    return f"{signing_input}.{signature(signing_input, key, digest)}"


def with_unused_bits(segment: str) -> str:
    """Spell the same bytes in another way: set a bit that no byte uses."""
    last = _ALPHABET.index(segment[-1])
    assert len(segment) % 4, "four characters have no bit to spare"
    return segment[:-1] + _ALPHABET[last | 1]


@dataclass(frozen=True, slots=True)
class Genuine:
    """A token that was issued by the service, to make forgeries of."""

    encoded: str

    @property
    def segments(self) -> list[str]:
        return self.encoded.split(".")

    @property
    def header(self) -> dict[str, Any]:
        return dict(json.loads(unbase64url(self.segments[0])))

    @property
    def claims(self) -> dict[str, Any]:
        return dict(json.loads(unbase64url(self.segments[1])))

    def with_header(self, header: object, key: bytes = SECRET, digest: str = "sha256") -> str:
        """Sign another header, as JSON or as given bytes, over the same payload."""
        raw = header if isinstance(header, bytes) else dumped(header)
        return signed(f"{base64url(raw)}.{self.segments[1]}", key, digest)

    def with_members(self, **members: object) -> str:
        return self.with_header(self.header | members)

    def with_payload(self, payload: object) -> str:
        """Sign another payload, as JSON or as given bytes, under the same header."""
        raw = payload if isinstance(payload, bytes) else dumped(payload)
        return signed(f"{self.segments[0]}.{base64url(raw)}")

    def with_claims(self, **claims: object) -> str:
        return self.with_payload(self.claims | claims)

    def with_text(self, text: str) -> str:
        """Sign a header and a payload in any spelling."""
        return signed(text)


def without(members: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {other: value for other, value in members.items() if other != name}
