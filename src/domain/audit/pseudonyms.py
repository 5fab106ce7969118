"""Keyed pseudonyms for texts that must not be logged as they are."""

import hmac
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Names for what must not be in the log as it is: the same for the same text each time.

    Without the key nobody can tell what a name stands for, not even by trying all that it may.

    Attributes:
        key: 32 bytes; hidden in `repr`.

    Source: RFC 2104 (HMAC), cut to 128 bits as its section 5 allows.
    """

    key: bytes = field(repr=False)

    def of(self, text: str) -> str:
        """Give the name of any text, 32 hexadecimal digits."""
        return hmac.digest(self.key, text.encode(errors="surrogatepass"), "sha256")[:16].hex()
