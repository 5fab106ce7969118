"""Domain names by IDNA 2008."""

import idna
from typing_extensions import override

from latchkey.domain.accounts.email_address import DomainNames


class IdnaDomainNames(DomainNames):
    """Reads domain names as browsers and mail servers do.

    Python's own codec `idna` implements IDNA 2003, in which `fa\u00df.de` and `fass.de` are one
    name, although they have two owners.
    """

    @override
    def to_ascii(self, name: str) -> str | None:
        try:
            encoded = idna.encode(name, uts46=True, std3_rules=True)
        except UnicodeError:  # the base of all that the package raises
            return None
        return None if encoded.endswith(b".") else encoded.decode()
