"""Remember devices after a complete login, and let them stand in for a code (docs/flow.md, Y18)."""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from latchkey.application.sign_in.open_session import LoggedIn, OpenSession, ProvenUser
from latchkey.domain.accounts.password_credential import PasswordCredential
from latchkey.domain.accounts.user import User
from latchkey.domain.audit.event import AuditAction, RequestSource, event
from latchkey.domain.factors.authentication import Authentication
from latchkey.domain.factors.remembered_device import (
    MOST,
    RememberedDevice,
    RememberedDeviceId,
    RememberedToken,
    hash_of,
)
from latchkey.domain.factors.requirement import FactorRequirement
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.kernel.identifier import time_of
from latchkey.domain.throttling.device import ID_BYTES, Device, DeviceTokenCodec
from latchkey.domain.unit_of_work import UnitOfWork, UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberedDevices:
    """Recognizes remembered devices, and remembers new ones.

    Their tokens have the form of device tokens, with a key of their own, and are of a user.

    Attributes:
        lifetime: How long a device is remembered, or None for not at all.
    """

    codec: DeviceTokenCodec
    units: UnitsOfWork
    open_session: OpenSession
    requirement: FactorRequirement
    clock: Clock
    lifetime: timedelta | None

    def lifetime_for(self, user: User) -> timedelta | None:
        """Return how long a device of a user can be remembered, or None for not at all."""
        return None if self.requirement.is_for(user.role) else self.lifetime

    async def open(self, proven: ProvenUser, presented: Iterable[str]) -> LoggedIn | None:
        """Open a session for a user with a password if the client is a remembered device.

        The lock of the user lets no change of the password or the factors happen in between.

        Args:
            proven: Whose password was right.
            presented: The tokens that the client holds; any texts, or none.

        Returns:
            The tokens; or None if nothing has changed, and a second factor is still missing.
        """
        now = self.clock.now()
        found = [*self._decoded(proven.user, presented, now)]
        if not found:
            return None
        async with self.units.begin() as unit:
            await unit.users.lock(proven.user.id)
            for device in found:
                device_id = await self._use(unit, proven.user, device, now)
                if device_id is None:
                    continue
                authentication = Authentication.by_password(device=device_id)
                known = replace(proven, authentication=authentication)
                opened = await self.open_session.within(unit, known)
                if isinstance(opened, LoggedIn):
                    await unit.commit()
                    return opened
        return None

    async def remember(
        self,
        unit: UnitOfWork,
        credential: PasswordCredential,
        presented: Iterable[str],
        name: str,
        source: RequestSource,
    ) -> RememberedToken | None:
        """Remember a device within a unit of work that holds the user's lock.

        Args:
            unit: Its caller commits.
            credential: Of the user who has just proven a second factor.
            presented: The tokens that the client holds; any texts, or none. What they stand for is
                replaced.
            name: A name for the device, at most 64 characters, or "" if it is unknown.
            source: Where the request came from.

        Returns:
            What the device is recognized by; or None if it cannot be remembered.
        """
        user, now = credential.user, self.clock.now()
        lifetime = self.lifetime_for(user)
        if lifetime is None:
            return None
        for known in self._decoded(user, presented, now):
            if old := await self._use(unit, user, known, now):
                await unit.remembered_devices.forget(user.id, {old})
        secret = secrets.token_bytes(ID_BYTES)
        device = RememberedDevice.begin(credential, secret, name, now=now, lifetime=lifetime)
        await unit.remembered_devices.add(device, keep=MOST)
        detail = {"remembered_device": str(device.id), **({"device": name} if name else {})}
        action = AuditAction.DEVICE_REMEMBERED
        await unit.audit.append(
            event(action, now, source, user_id=user.id, session_id=None, **detail)
        )
        return self._token(device, secret, now)

    def _token(self, device: RememberedDevice, secret: bytes, now: datetime) -> RememberedToken:
        content = Device(
            id=secret, password_version=device.password_version, expires_at=device.expires_at
        )
        token = self.codec.encode(content, str(device.user_id))
        return RememberedToken(token=token, expires_in=device.expires_at - now)

    def _decoded(self, user: User, presented: Iterable[str], now: datetime) -> Iterator[Device]:
        if self.lifetime_for(user) is None:
            return
        for token in presented:
            if device := self.codec.decode(token, str(user.id), now):
                yield device

    async def _use(
        self, unit: UnitOfWork, user: User, device: Device, now: datetime
    ) -> RememberedDeviceId | None:
        """Return the device if it is remembered, also by a setting that was changed since."""
        device_id = await unit.remembered_devices.use(
            hash_of(device.id), user.id, password_version=device.password_version, now=now
        )
        if device_id is None or self.lifetime is None:
            return None
        return device_id if now < time_of(device_id) + self.lifetime else None
