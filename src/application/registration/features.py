"""What a deployment offers, for pages that anybody can open (docs/flow.md, F50)."""

from dataclasses import dataclass

from latchkey.domain.accounts.registration import Registration


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What a deployment offers.

    Attributes:
        registration: Who may become a user.
        mail: Whether the deployment sends mail.
        second_factors: Whether users can add a second factor.
        passkeys: Whether passkeys sign users in. Adding one needs `second_factors`, too.
    """

    registration: Registration
    mail: bool
    second_factors: bool
    passkeys: bool
