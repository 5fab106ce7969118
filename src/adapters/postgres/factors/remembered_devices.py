"""Remembered devices in PostgreSQL."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

import asyncpg
from sqlalchemy import ARRAY, Uuid, any_, bindparam, delete, insert, select, update
from typing_extensions import override

from latchkey.adapters.postgres.engine.access import Access
from latchkey.adapters.postgres.engine.statement import PRUNES_ALONE, Statement
from latchkey.adapters.postgres.factors.remembered_table import remembered_devices as devices
from latchkey.domain.accounts.user import UserId
from latchkey.domain.factors.remembered_device import (
    RememberedDevice,
    RememberedDeviceId,
    RememberedDeviceRepository,
)

_USER: Final = bindparam("of_user", type_=devices.c.user_id.type)
_NOW: Final = bindparam("now", type_=devices.c.expires_at.type)

_ADD: Final = Statement(insert(devices))
_beyond = (
    select(devices.c.id)
    .where(devices.c.user_id == _USER)
    .order_by(devices.c.id.desc())
    .offset(bindparam("keep"))
)
_KEEP: Final = Statement(delete(devices).where(devices.c.id.in_(_beyond)))
USE: Final = Statement(
    update(devices)
    .where(
        devices.c.user_id == _USER,
        devices.c.secret_hash == bindparam("hashed", type_=devices.c.secret_hash.type),
        devices.c.password_version == bindparam("version"),
        devices.c.expires_at > _NOW,
    )
    .values(last_used_at=_NOW)
    .returning(devices.c.id)
)
OF_USER: Final = Statement(
    select(*devices.c)
    .where(devices.c.user_id == _USER, devices.c.expires_at > _NOW)
    .order_by(devices.c.id.desc()),
    is_read=True,
)
_forget = delete(devices).where(devices.c.user_id == _USER).returning(devices.c.id)
_FORGET_ALL: Final = Statement(_forget)
_FORGET: Final = Statement(
    _forget.where(devices.c.id == any_(bindparam("chosen", type_=ARRAY(Uuid()))))
)
_expired = (
    select(devices.c.id)
    .where(PRUNES_ALONE, devices.c.expires_at <= _NOW)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
    .cte("expired")
)
PRUNE: Final = Statement(
    delete(devices).where(devices.c.id.in_(select(_expired.c.id))).returning(devices.c.id)
)


class PostgresRememberedDeviceRepository(RememberedDeviceRepository):
    """Keeps each device in a row, which is found by its user."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    async def add(self, device: RememberedDevice, *, keep: int) -> None:
        await self._access.row(
            _ADD,
            id=device.id,
            user_id=device.user_id,
            expires_at=device.expires_at,
            last_used_at=device.last_used_at,
            password_version=device.password_version,
            secret_hash=device.secret_hash,
            name=device.name,
        )
        await self._access.row(_KEEP, of_user=device.user_id, keep=keep)

    @override
    async def use(
        self, secret_hash: bytes, user_id: UserId, *, password_version: int, now: datetime
    ) -> RememberedDeviceId | None:
        row = await self._access.row(
            USE, of_user=user_id, hashed=secret_hash, version=password_version, now=now
        )
        return row["id"] if row else None

    @override
    async def of_user(self, user_id: UserId, now: datetime) -> tuple[RememberedDevice, ...]:
        return tuple(map(_device_of, await self._access.rows(OF_USER, of_user=user_id, now=now)))

    @override
    async def forget(
        self, user_id: UserId, chosen: Collection[RememberedDeviceId] | None = None
    ) -> tuple[RememberedDeviceId, ...]:
        if chosen is None:
            rows = await self._access.rows(_FORGET_ALL, of_user=user_id)
        else:
            rows = await self._access.rows(_FORGET, of_user=user_id, chosen=list(chosen))
        return tuple(sorted((row["id"] for row in rows), reverse=True))

    @override
    async def prune(self, now: datetime, *, limit: int) -> int:
        return len(await self._access.rows(PRUNE, now=now, limit=limit))


def _device_of(row: asyncpg.Record) -> RememberedDevice:
    return RememberedDevice(
        id=row["id"],
        user_id=row["user_id"],
        secret_hash=row["secret_hash"],
        password_version=row["password_version"],
        name=row["name"],
        expires_at=row["expires_at"],
        last_used_at=row["last_used_at"],
    )
