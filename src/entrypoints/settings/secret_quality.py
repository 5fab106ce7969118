"""Which secrets are good enough to sign with."""

from collections import Counter
from math import log2
from typing import Final

MIN_BYTES: Final = 32
_MIN_BITS: Final = 80  # what 32 random hex digits still have by far, and no sentence has
_SAMPLES: Final = (
    "changeme",
    "change-me",
    "change_me",
    "your-256-bit-secret",
    "your_jwt_secret",
    "your-secret",
    "yoursecret",
    "supersecret",
    "super-secret",
    "super_secret",
    "secretkey",
    "secret-key",
    "secret_key",
    "mysecret",
    "jwtsecret",
    "jwt-secret",
    "jwt_secret",
    "password",
    "example",
    "replace",
    "placeholder",
    "development",
    "keyboard cat",
    "0123456789",
    "1234567890",
    "abcdefghij",
    "qwerty",
)


def fault_of(secret: str) -> str | None:
    """Return what is wrong with a secret, without any part of it, or None.

    Source: RFC 7518, section 3.2 (at least as long as the hash); RFC 8725, section 3.5.
    """
    size = len(secret.encode())
    if size < MIN_BYTES:
        return f"is {size} bytes long"
    if any(sample in secret.lower() for sample in _SAMPLES):
        return "looks like a sample from a manual"
    if _entropy(secret) < _MIN_BITS or _is_repetition(secret):
        return "is too repetitive"
    return None


def _entropy(text: str) -> float:
    """Bound the bits in a text by how unevenly its characters are used."""
    size = len(text)
    return -sum(n * log2(n / size) for n in Counter(text).values())


def _is_repetition(text: str) -> bool:
    return text in (text + text)[1:-1]
