"""Second factors in memory."""

from collections.abc import Collection
from dataclasses import replace

from typing_extensions import override

from latchkey.adapters.memory.factors.passkeys import passkeys_of
from latchkey.adapters.memory.tables import Access, Tables, UserFactors
from latchkey.domain.accounts.user import UserId
from latchkey.domain.factors.factor import (
    FactorId,
    FactorRepository,
    FoundFactors,
    RecoveryCodeRepository,
    TotpFactor,
)

NOTHING = UserFactors()


class MemoryFactorRepository(FactorRepository):
    """Keeps the factors of a user in one row."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    async def find(self, user_id: UserId) -> FoundFactors | None:
        tables = await self._access.read()
        account, row = tables.accounts.get(user_id), tables.factors.get(user_id) or NOTHING
        if account is None:
            return None
        return FoundFactors(
            credential=account,
            totp=row.totp,
            pending=row.pending,
            has_passkey=bool(passkeys_of(tables, user_id)),
            recovery_codes_left=len(row.recovery_hashes),
        )

    @override
    async def enrol(self, user_id: UserId, factor: TotpFactor) -> None:
        async with self._access.change() as tables:
            row = tables.factors.get(user_id) or NOTHING
            tables.factors.put(user_id, replace(row, pending=factor))

    @override
    async def confirm(self, user_id: UserId, factor_id: FactorId, step: int) -> bool:
        async with self._access.change() as tables:
            row = tables.factors.get(user_id)
            if row is None or row.pending is None or row.pending.id != factor_id:
                return False
            totp = replace(row.pending, spent_step=step)
            tables.factors.put(user_id, replace(row, totp=totp, pending=None))
            _set_flag(tables, user_id, value=True)
            return True

    @override
    async def spend(self, user_id: UserId, factor_id: FactorId, step: int) -> bool:
        async with self._access.change() as tables:
            row = tables.factors.get(user_id)
            if row is None or row.totp is None or row.totp.id != factor_id:
                return False
            if row.totp.spent_step is not None and step <= row.totp.spent_step:
                return False
            totp = replace(row.totp, spent_step=step)
            tables.factors.put(user_id, replace(row, totp=totp))
            return True

    @override
    async def remove(self, user_id: UserId) -> bool:
        async with self._access.change() as tables:
            row, passkeys = tables.factors.get(user_id), passkeys_of(tables, user_id)
            tables.factors.put(user_id, None)
            for passkey in passkeys:
                tables.passkeys.put(passkey.id, None)
            _set_flag(tables, user_id, value=False)
            return bool(passkeys) or (row is not None and row.totp is not None)


class MemoryRecoveryCodeRepository(RecoveryCodeRepository):
    """Keeps the hashes beside the factors that the codes stand in for."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    async def replace(self, user_id: UserId, hashes: Collection[bytes]) -> bool:
        async with self._access.change() as tables:
            account, row = tables.accounts.get(user_id), tables.factors.get(user_id) or NOTHING
            if account is None or not account.has_second_factor:
                return False
            tables.factors.put(user_id, replace(row, recovery_hashes=frozenset(hashes)))
            return True

    @override
    async def spend(self, user_id: UserId, hashes: Collection[bytes]) -> bool:
        async with self._access.change() as tables:
            row = tables.factors.get(user_id)
            if row is None or not row.recovery_hashes & set(hashes):
                return False
            left = row.recovery_hashes - set(hashes)
            tables.factors.put(user_id, replace(row, recovery_hashes=left))
            return True


def _set_flag(tables: Tables, user_id: UserId, *, value: bool) -> None:
    account = tables.accounts.get(user_id)
    if account is not None:
        tables.accounts.put(user_id, replace(account, has_second_factor=value))
