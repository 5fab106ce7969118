"""Remembered devices in memory."""

import hmac
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from typing_extensions import override

from latchkey.adapters.memory.tables import Access, Tables
from latchkey.domain.accounts.user import UserId
from latchkey.domain.factors.remembered_device import (
    RememberedDevice,
    RememberedDeviceId,
    RememberedDeviceRepository,
)


class MemoryRememberedDeviceRepository(RememberedDeviceRepository):
    """Looks at all devices for each list. There is one writer at a time."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    async def add(self, device: RememberedDevice, *, keep: int) -> None:
        async with self._access.change() as tables:
            tables.remembered_devices.put(device.id, device)
            for old in _of(tables, device.user_id)[keep:]:
                tables.remembered_devices.put(old.id, None)

    @override
    async def use(
        self, secret_hash: bytes, user_id: UserId, *, password_version: int, now: datetime
    ) -> RememberedDeviceId | None:
        async with self._access.change() as tables:
            devices = (each for each in _of(tables, user_id) if each.expires_at > now)
            found = (each for each in devices if hmac.compare_digest(each.secret_hash, secret_hash))
            device = next(found, None)
            if device is None or device.password_version != password_version:
                return None
            tables.remembered_devices.put(device.id, replace(device, last_used_at=now))
            return device.id

    @override
    async def of_user(self, user_id: UserId, now: datetime) -> tuple[RememberedDevice, ...]:
        devices = _of(await self._access.read(), user_id)
        return tuple(device for device in devices if device.expires_at > now)

    @override
    async def forget(
        self, user_id: UserId, chosen: Collection[RememberedDeviceId] | None = None
    ) -> tuple[RememberedDeviceId, ...]:
        async with self._access.change() as tables:
            ids = [device.id for device in _of(tables, user_id)]
            forgotten = [each for each in ids if chosen is None or each in chosen]
            for device_id in forgotten:
                tables.remembered_devices.put(device_id, None)
            return tuple(forgotten)

    @override
    async def prune(self, now: datetime, *, limit: int) -> int:
        async with self._access.change() as tables:
            devices = tables.remembered_devices.rows()
            expired = [device.id for device in devices if device.expires_at <= now][:limit]
            for device_id in expired:
                tables.remembered_devices.put(device_id, None)
            return len(expired)


def _of(tables: Tables, user_id: UserId) -> list[RememberedDevice]:
    devices = (each for each in tables.remembered_devices.rows() if each.user_id == user_id)
    return sorted(devices, key=_id_of, reverse=True)


def _id_of(device: RememberedDevice) -> UUID:
    return device.id
