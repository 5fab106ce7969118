"""JSON Web Keys: how their members are written and read, in one spelling."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Final

Jwk = Mapping[str, object]

_ALPHABET: Final = re.compile(r"[A-Za-z0-9_-]+")


class JwkError(ValueError):
    """A key cannot be used. The message says why in a phrase, without any part of the key."""


def thumbprint(members: Mapping[str, str]) -> str:
    """Return the thumbprint of a public key, SHA-256 in base64url: 43 characters.

    Args:
        members: Exactly the members that RFC 7638 requires for this type of key.

    Source: RFC 7638, section 3; RFC 8037, section 2 (OKP).
    """
    text = json.dumps(dict(sorted(members.items())), separators=(",", ":"))
    return base64url(hashlib.sha256(text.encode()).digest())


def base64url(data: bytes) -> str:
    """Return bytes in base64url, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unsigned(number: int) -> str:
    """Return a number as a JWK has it, in as few bytes as possible (RFC 7518, section 2)."""
    return base64url(number.to_bytes((number.bit_length() + 7) // 8))


def bytes_of(jwk: Jwk, name: str, size: int) -> bytes:
    """Return the bytes of a member.

    Raises:
        JwkError: The member is missing, is not in canonical base64url, or has another size.
    """
    data = _decoded(jwk, name)
    if len(data) != size:
        raise JwkError(f"has another `{name}` than one of {size} bytes")
    return data


def number_of(jwk: Jwk, name: str) -> int:
    """Return the number of a member.

    Raises:
        JwkError: The member is missing, is not in canonical base64url, or is zero.
    """
    number = int.from_bytes(_decoded(jwk, name))
    if number == 0:
        raise JwkError(f"has a `{name}` that is zero")
    return number


def _decoded(jwk: Jwk, name: str) -> bytes:
    text = jwk.get(name)
    if text is None:
        raise JwkError(f"has no `{name}`")
    if not isinstance(text, str) or not _ALPHABET.fullmatch(text) or len(text) % 4 == 1:
        raise JwkError(f"has a `{name}` that is not base64url")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if base64url(data) != text:
        raise JwkError(f"has a `{name}` that is not canonical base64url")
    return data
