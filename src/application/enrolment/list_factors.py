"""List the second factors of the signed-in user (docs/flow.md, F24)."""

from dataclasses import dataclass

from latchkey.application.enrolment.own_factors import OwnFactors
from latchkey.domain.factors.factor import FoundFactors
from latchkey.domain.factors.passkey import Passkey, PasskeyRepository
from latchkey.domain.sessions.access_token import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFactors:
    """What a user can sign in with besides a password.

    Attributes:
        passkeys: The oldest first.
    """

    found: FoundFactors
    passkeys: tuple[Passkey, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFactors:
    """Reads apps, recovery codes and passkeys."""

    own: OwnFactors
    passkeys: PasskeyRepository

    async def __call__(self, by: Principal) -> ListedFactors:
        """Return them, without secrets.

        Raises:
            AccessTokenStaleError: The session has ended, or the user's role has changed.
        """
        found = await self.own.read(by)
        passkeys = await self.passkeys.of_user(by.id) if found.has_passkey else ()
        return ListedFactors(found=found, passkeys=passkeys)
