"""Who may become a user."""

from dataclasses import dataclass
from enum import StrEnum

from latchkey.domain.accounts.email_address import EmailAddress


class Registration(StrEnum):
    """Who may become a user, besides those whom an administrator creates.

    Attributes:
        OFF: Nobody.
        INVITATION: Whoever an administrator invites.
        OPEN: Anybody with a mailbox.
    """

    OFF = "off"
    INVITATION = "invitation"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationDomains:
    """The domains of the addresses that may register. Whoever is invited may have any other.

    Attributes:
        names: In the form of canonical addresses; empty for any domain.
    """

    names: frozenset[str] = frozenset()

    def include(self, email: EmailAddress) -> bool:
        """Return whether an address is of one of these domains. A subdomain is another domain."""
        return not self.names or email.domain in self.names
