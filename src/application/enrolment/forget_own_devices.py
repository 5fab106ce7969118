"""Forget remembered devices of the signed-in user (docs/flow.md, F32)."""

from collections.abc import Collection
from dataclasses import dataclass

from latchkey.application.accounts.current_user import CurrentUser
from latchkey.application.factors.forget_devices import forget_devices
from latchkey.domain.audit.event import RequestSource
from latchkey.domain.factors.remembered_device import RememberedDeviceId
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.sessions.access_token import Principal
from latchkey.domain.unit_of_work import UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetDevicesCommand:
    """Request to forget devices.

    Attributes:
        by: The signed-in user.
        chosen: Which devices, or None for all. Those of other users are ignored.
    """

    by: Principal
    chosen: Collection[RememberedDeviceId] | None
    source: RequestSource


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetDevices:
    """Forget devices durably before responding. Sessions that they have opened go on."""

    current_user: CurrentUser
    units: UnitsOfWork
    clock: Clock

    async def __call__(self, command: ForgetDevicesCommand) -> int:
        """Forget the chosen devices.

        Returns:
            How many devices this call has forgotten.

        Raises:
            AccessTokenStaleError: The session has ended, or the user's role has changed.
            StorageUnavailableError: It is not known which devices were forgotten; ask again.
        """
        async with self.units.begin() as unit:
            user = await self.current_user.hold(command.by, unit)
            forgotten = await forget_devices(
                unit, user.id, self.clock.now(), command.source, command.chosen
            )
            await unit.commit()
        return forgotten
