"""Keyed pseudonyms for text that the audit log must not contain."""

import hmac
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Replaces text by pseudonyms. The same text always gets the same pseudonym.

    Without the key, the text behind a pseudonym cannot be found, not even by trying candidates.

    Attributes:
        key: 32 bytes; hidden in `repr`.

    Source: RFC 2104 (HMAC), cut to 128 bits as its section 5 allows.
    """

    key: bytes = field(repr=False)

    def of(self, text: str) -> str:
        """Return the pseudonym of a text, 32 hexadecimal digits."""
        return hmac.digest(self.key, text.encode(errors="surrogatepass"), "sha256")[:16].hex()
