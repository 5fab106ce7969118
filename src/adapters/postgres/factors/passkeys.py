"""Passkeys in PostgreSQL."""

from typing import Any, Final
from uuid import UUID

import asyncpg
from sqlalchemy import (
    bindparam,
    delete,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from typing_extensions import override

from latchkey.adapters.postgres.accounts.tables import users
from latchkey.adapters.postgres.engine.access import Access
from latchkey.adapters.postgres.engine.statement import Statement
from latchkey.adapters.postgres.factors.passkey_table import passkeys
from latchkey.adapters.postgres.factors.tables import second_factors as factors
from latchkey.domain.accounts.user import UserId
from latchkey.domain.factors.factor import FactorId
from latchkey.domain.factors.passkey import OwnedPasskey, Passkey, PasskeyRepository, PasskeyUse

_USER: Final = bindparam("of_user", type_=passkeys.c.user_id.type)
_PASSKEY: Final = bindparam("passkey_id", type_=passkeys.c.id.type)
_CHALLENGE: Final = bindparam("challenge", type_=passkeys.c.last_challenge.type)

OF_USER: Final = Statement(
    select(*passkeys.c).where(passkeys.c.user_id == _USER).order_by(passkeys.c.id), is_read=True
)
BY_CREDENTIAL: Final = Statement(
    select(*passkeys.c).where(passkeys.c.credential_id == bindparam("credential")), is_read=True
)
_added = (
    insert(passkeys)
    .values(
        {column.name: bindparam(f"new_{column.name}", type_=column.type) for column in passkeys.c}
    )
    .on_conflict_do_nothing(index_elements=[passkeys.c.credential_id])
    .returning(passkeys.c.user_id)
    .cte("added")
)
_ADD: Final = Statement(
    update(users)
    .where(users.c.id == _added.c.user_id)
    .values(has_second_factor=true())
    .returning(users.c.id)
)
SPEND: Final = Statement(
    update(passkeys)
    .where(
        passkeys.c.id == _PASSKEY,
        or_(passkeys.c.last_challenge.is_(None), passkeys.c.last_challenge < _CHALLENGE),
    )
    .values(
        last_challenge=_CHALLENGE,
        sign_count=func.greatest(
            passkeys.c.sign_count, bindparam("count", type_=passkeys.c.sign_count.type)
        ),
        is_backed_up=bindparam("backed_up", type_=passkeys.c.is_backed_up.type),
    )
    .returning(passkeys.c.id)
)
_removed = (
    delete(passkeys)
    .where(passkeys.c.id == _PASSKEY, passkeys.c.user_id == _USER)
    .returning(passkeys.c.user_id)
    .cte("removed")
)
_has_other: Final[Any] = or_(
    select(passkeys.c.id).where(passkeys.c.user_id == _USER, passkeys.c.id != _PASSKEY).exists(),
    select(factors.c.user_id)
    .where(factors.c.user_id == _USER, factors.c.totp_id.is_not(None))
    .exists(),
)
_emptied = (
    update(factors)
    .where(factors.c.user_id == _removed.c.user_id, not_(_has_other))
    .values(recovery_hashes=literal_column("'{}'::bytea[]"))
    .returning(factors.c.user_id)
    .cte("emptied")
)
_REMOVE: Final = Statement(
    update(users)
    .where(users.c.id == _removed.c.user_id)
    .values(has_second_factor=_has_other)
    .returning(users.c.id)
    .add_cte(_emptied)
)


class PostgresPasskeyRepository(PasskeyRepository):
    """Keeps each passkey in a row, and whether a user has any in the user's."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    async def of_user(self, user_id: UserId) -> tuple[Passkey, ...]:
        return tuple(map(_passkey_of, await self._access.rows(OF_USER, of_user=user_id)))

    @override
    async def by_credential(self, credential_id: bytes) -> OwnedPasskey | None:
        row = await self._access.row(BY_CREDENTIAL, credential=credential_id)
        if row is None:
            return None
        return OwnedPasskey(user_id=row["user_id"], passkey=_passkey_of(row))

    @override
    async def add(self, user_id: UserId, passkey: Passkey) -> bool:
        row = await self._access.row(
            _ADD,
            new_id=passkey.id,
            new_user_id=user_id,
            new_last_challenge=passkey.last_challenge,
            new_sign_count=passkey.sign_count,
            new_is_synced=passkey.is_synced,
            new_is_backed_up=passkey.is_backed_up,
            new_credential_id=passkey.credential_id,
            new_public_key=passkey.public_key,
            new_user_handle=passkey.user_handle,
            new_rp_id=passkey.rp_id,
            new_name=passkey.name,
            new_transports=list(passkey.transports),
        )
        return row is not None

    @override
    async def spend(self, passkey_id: FactorId, challenge: UUID, use: PasskeyUse) -> bool:
        row = await self._access.row(
            SPEND,
            passkey_id=passkey_id,
            challenge=challenge,
            count=use.sign_count,
            backed_up=use.is_backed_up,
        )
        return row is not None

    @override
    async def remove(self, user_id: UserId, passkey_id: FactorId) -> bool:
        row = await self._access.row(_REMOVE, of_user=user_id, passkey_id=passkey_id)
        return row is not None


def _passkey_of(row: asyncpg.Record) -> Passkey:
    return Passkey(
        id=row["id"],
        credential_id=row["credential_id"],
        public_key=row["public_key"],
        sign_count=row["sign_count"],
        is_synced=row["is_synced"],
        is_backed_up=row["is_backed_up"],
        user_handle=row["user_handle"],
        rp_id=row["rp_id"],
        name=row["name"],
        transports=tuple(row["transports"]),
        last_challenge=row["last_challenge"],
    )
