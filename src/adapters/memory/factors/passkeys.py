"""Passkeys in memory."""

from dataclasses import replace
from uuid import UUID

from typing_extensions import override

from latchkey.adapters.memory.tables import Access, Tables, UserFactors
from latchkey.domain.accounts.user import UserId
from latchkey.domain.factors.factor import FactorId
from latchkey.domain.factors.passkey import OwnedPasskey, Passkey, PasskeyRepository, PasskeyUse


class MemoryPasskeyRepository(PasskeyRepository):
    """Keeps each passkey in a row. There is one writer at a time."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    async def of_user(self, user_id: UserId) -> tuple[Passkey, ...]:
        return passkeys_of(await self._access.read(), user_id)

    @override
    async def by_credential(self, credential_id: bytes) -> OwnedPasskey | None:
        return _found(await self._access.read(), credential_id)

    @override
    async def add(self, user_id: UserId, passkey: Passkey) -> bool:
        async with self._access.change() as tables:
            if _found(tables, passkey.credential_id):
                return False
            owned = OwnedPasskey(user_id=user_id, passkey=passkey)
            tables.passkeys.put(passkey.id, owned)
            _set_flag(tables, user_id, value=True)
            return True

    @override
    async def spend(self, passkey_id: FactorId, challenge: UUID, use: PasskeyUse) -> bool:
        async with self._access.change() as tables:
            owned = tables.passkeys.get(passkey_id)
            if owned is None:
                return False
            spent = owned.passkey.last_challenge
            if spent is not None and challenge <= spent:
                return False
            passkey = replace(
                owned.passkey,
                last_challenge=challenge,
                sign_count=max(owned.passkey.sign_count, use.sign_count),
                is_backed_up=use.is_backed_up,
            )
            tables.passkeys.put(passkey_id, replace(owned, passkey=passkey))
            return True

    @override
    async def remove(self, user_id: UserId, passkey_id: FactorId) -> bool:
        async with self._access.change() as tables:
            owned = tables.passkeys.get(passkey_id)
            if owned is None or owned.user_id != user_id:
                return False
            tables.passkeys.put(passkey_id, None)
            row = tables.factors.get(user_id) or UserFactors()
            if row.totp is None and not passkeys_of(tables, user_id):
                tables.factors.put(user_id, replace(row, recovery_hashes=frozenset()))
                _set_flag(tables, user_id, value=False)
            return True


def passkeys_of(tables: Tables, user_id: UserId) -> tuple[Passkey, ...]:
    """Return the passkeys of a user, the oldest first."""
    found = (each.passkey for each in tables.passkeys.rows() if each.user_id == user_id)
    return tuple(sorted(found, key=_id_of))


def _found(tables: Tables, credential_id: bytes) -> OwnedPasskey | None:
    owned = tables.passkeys.rows()
    return next((each for each in owned if each.passkey.credential_id == credential_id), None)


def _id_of(passkey: Passkey) -> UUID:
    return passkey.id


def _set_flag(tables: Tables, user_id: UserId, *, value: bool) -> None:
    account = tables.accounts.get(user_id)
    if account is not None:
        tables.accounts.put(user_id, replace(account, has_second_factor=value))
