"""List the second factors of the signed-in user (docs/flow.md, F24)."""

from dataclasses import dataclass

from latchkey.application.enrolment.own_factors import OwnFactors
from latchkey.domain.factors.factor import FoundFactors
from latchkey.domain.factors.passkey import Passkey, PasskeyRepository
from latchkey.domain.factors.remembered_device import (
    RememberedDevice,
    RememberedDeviceRepository,
)
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.sessions.access_token import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFactors:
    """What a user can sign in with besides a password.

    Attributes:
        passkeys: The oldest first.
        remembered: The newest first.
    """

    found: FoundFactors
    passkeys: tuple[Passkey, ...]
    remembered: tuple[RememberedDevice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFactors:
    """Reads apps, recovery codes, passkeys and remembered devices."""

    own: OwnFactors
    passkeys: PasskeyRepository
    remembered: RememberedDeviceRepository
    clock: Clock

    async def __call__(self, by: Principal) -> ListedFactors:
        """Return them, without secrets.

        Raises:
            AccessTokenStaleError: The session has ended, or the user's role has changed.
        """
        found = await self.own.read(by)
        passkeys = await self.passkeys.of_user(by.id) if found.has_passkey else ()
        remembered = await self.remembered.of_user(by.id, self.clock.now())
        return ListedFactors(found=found, passkeys=passkeys, remembered=remembered)
