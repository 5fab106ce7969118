"""Second factors in PostgreSQL."""

from collections.abc import Collection
from typing import Any, Final

import asyncpg
from sqlalchemy import (
    ARRAY,
    LargeBinary,
    all_,
    bindparam,
    delete,
    false,
    func,
    literal_column,
    null,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from typing_extensions import override

from latchkey.adapters.postgres.accounts.rows import CREDENTIAL, credential_of
from latchkey.adapters.postgres.accounts.tables import users
from latchkey.adapters.postgres.engine.access import Access
from latchkey.adapters.postgres.engine.statement import Statement
from latchkey.adapters.postgres.factors.passkey_table import passkeys
from latchkey.adapters.postgres.factors.tables import second_factors as factors
from latchkey.domain.accounts.user import UserId
from latchkey.domain.factors.factor import (
    FactorId,
    FactorRepository,
    FoundFactors,
    RecoveryCodeRepository,
    TotpFactor,
    TotpSeed,
)

_NO_HASHES: Final[Any] = literal_column("'{}'::bytea[]")
_HASHES: Final = bindparam("hashes", type_=ARRAY(LargeBinary()))
_OF_USER: Final = factors.c.user_id == bindparam("of_user", type_=factors.c.user_id.type)

FIND: Final = Statement(
    select(
        *CREDENTIAL,
        factors.c.totp_id,
        factors.c.totp_spent_step,
        factors.c.totp_key_id,
        factors.c.totp_nonce,
        factors.c.pending_id,
        factors.c.pending_key_id,
        factors.c.pending_nonce,
        func.coalesce(func.cardinality(factors.c.recovery_hashes), literal_column("0")).label(
            "codes_left"
        ),
        select(passkeys.c.id).where(passkeys.c.user_id == users.c.id).exists().label("has_passkey"),
    )
    .select_from(users.outerjoin(factors, factors.c.user_id == users.c.id))
    .where(users.c.id == bindparam("of_user", type_=users.c.id.type)),
    is_read=True,
)
_added = insert(factors).values(
    user_id=bindparam("of_user"),
    pending_id=bindparam("factor_id"),
    pending_key_id=bindparam("key_id"),
    pending_nonce=bindparam("nonce"),
    recovery_hashes=_NO_HASHES,
)
_ENROL: Final = Statement(
    _added.on_conflict_do_update(
        index_elements=[factors.c.user_id],
        set_={
            name: _added.excluded[name]
            for name in ("pending_id", "pending_key_id", "pending_nonce")
        },
    )
)
_confirmed = (
    update(factors)
    .where(_OF_USER, factors.c.pending_id == bindparam("factor_id"))
    .values(
        totp_id=factors.c.pending_id,
        totp_key_id=factors.c.pending_key_id,
        totp_nonce=factors.c.pending_nonce,
        totp_spent_step=bindparam("step"),
        pending_id=null(),
        pending_key_id=null(),
        pending_nonce=null(),
    )
    .returning(factors.c.user_id)
    .cte("confirmed")
)
_CONFIRM: Final = Statement(
    update(users)
    .where(users.c.id == _confirmed.c.user_id)
    .values(has_second_factor=true())
    .returning(users.c.id)
)
SPEND: Final = Statement(
    update(factors)
    .where(
        _OF_USER,
        factors.c.totp_id == bindparam("factor_id"),
        factors.c.totp_spent_step < bindparam("step"),
    )
    .values(totp_spent_step=bindparam("step"))
    .returning(factors.c.user_id)
)
_USER: Final = users.c.id == bindparam("of_user", type_=users.c.id.type)
_removed = delete(factors).where(_OF_USER).returning(factors.c.user_id).cte("removed")
_gone = (
    delete(passkeys)
    .where(passkeys.c.user_id == bindparam("of_user", type_=passkeys.c.user_id.type))
    .returning(passkeys.c.id)
    .cte("gone")
)
_REMOVE: Final = Statement(
    update(users)
    .where(_USER, users.c.has_second_factor)
    .values(has_second_factor=false())
    .returning(users.c.id)
    .add_cte(_removed, _gone)
)
_replaced = insert(factors).from_select(
    ["user_id", "recovery_hashes"],
    select(users.c.id, _HASHES)
    .where(_USER, users.c.has_second_factor)
    .with_for_update(key_share=True),
)
_REPLACE_CODES: Final = Statement(
    _replaced.on_conflict_do_update(
        index_elements=[factors.c.user_id],
        set_={"recovery_hashes": _replaced.excluded.recovery_hashes},
    ).returning(factors.c.user_id)
)
_kept = func.unnest(factors.c.recovery_hashes).column_valued("kept")
SPEND_CODE: Final = Statement(
    update(factors)
    .where(_OF_USER, factors.c.recovery_hashes.op("&&", is_comparison=True)(_HASHES))
    .values(
        recovery_hashes=func.array(
            select(_kept).where(_kept != all_(_HASHES)).correlate(factors).scalar_subquery()
        )
    )
    .returning(factors.c.user_id)
)


class PostgresFactorRepository(FactorRepository):
    """Keeps the factors of a user in one row, and whether there are any in the user's."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    async def find(self, user_id: UserId) -> FoundFactors | None:
        row = await self._access.row(FIND, of_user=user_id)
        if row is None:
            return None
        return FoundFactors(
            credential=credential_of(row),
            totp=_factor_of(row, "totp", row["totp_spent_step"]),
            pending=_factor_of(row, "pending"),
            has_passkey=row["has_passkey"],
            recovery_codes_left=row["codes_left"],
        )

    @override
    async def enrol(self, user_id: UserId, factor: TotpFactor) -> None:
        await self._access.row(
            _ENROL,
            of_user=user_id,
            factor_id=factor.id,
            key_id=factor.seed.key_id,
            nonce=factor.seed.nonce,
        )

    @override
    async def confirm(self, user_id: UserId, factor_id: FactorId, step: int) -> bool:
        row = await self._access.row(_CONFIRM, of_user=user_id, factor_id=factor_id, step=step)
        return row is not None

    @override
    async def spend(self, user_id: UserId, factor_id: FactorId, step: int) -> bool:
        row = await self._access.row(SPEND, of_user=user_id, factor_id=factor_id, step=step)
        return row is not None

    @override
    async def remove(self, user_id: UserId) -> bool:
        row = await self._access.row(_REMOVE, of_user=user_id)
        return row is not None


class PostgresRecoveryCodeRepository(RecoveryCodeRepository):
    """Keeps the hashes in an array beside the factors that the codes stand in for."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    async def replace(self, user_id: UserId, hashes: Collection[bytes]) -> bool:
        row = await self._access.row(_REPLACE_CODES, of_user=user_id, hashes=list(hashes))
        return row is not None

    @override
    async def spend(self, user_id: UserId, hashes: Collection[bytes]) -> bool:
        row = await self._access.row(SPEND_CODE, of_user=user_id, hashes=list(hashes))
        return row is not None


def _factor_of(row: asyncpg.Record, name: str, spent_step: int | None = None) -> TotpFactor | None:
    factor_id = row[f"{name}_id"]
    if factor_id is None:
        return None
    seed = TotpSeed(key_id=row[f"{name}_key_id"], nonce=row[f"{name}_nonce"])
    return TotpFactor(id=factor_id, seed=seed, spent_step=spent_step)
