"""Stored passkeys that sign in twice, that are others', or that stay."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from latchkey.adapters.memory.factors.passkeys import MemoryPasskeyRepository
from latchkey.domain.factors.passkey import OwnedPasskey
from latchkey.testing.ports import PasskeyRepositorySuite
from unit.testing.broken.fault import Fault, step

Method = Callable[..., Any]
OF_USER: Final = MemoryPasskeyRepository.of_user
ADD: Final = MemoryPasskeyRepository.add
SPEND: Final = MemoryPasskeyRepository.spend
REMOVE: Final = MemoryPasskeyRepository.remove


def _spend(
    *, refuses: Callable[[Any, Any], bool] = UUID.__le__, races: bool = False, shrinks: bool = False
) -> Method:
    async def spend(self: Any, passkey_id: Any, challenge: Any, use: Any) -> Any:
        def decide(tables: Any) -> Any:
            owned = tables.passkeys.get(passkey_id)
            if owned is None:
                return False, []
            old = owned.passkey
            if old.last_challenge is not None and refuses(challenge, old.last_challenge):
                return False, []
            count = use.sign_count if shrinks else max(old.sign_count, use.sign_count)
            new = replace(
                old, last_challenge=challenge, sign_count=count, is_backed_up=use.is_backed_up
            )
            return True, [("passkeys", passkey_id, replace(owned, passkey=new))]

        return await step(self, decide, races=races)

    return spend


async def _spend_and_forget_the_backup(
    self: Any, passkey_id: Any, challenge: Any, use: Any
) -> bool:
    owned = (await self._access.read()).passkeys.get(passkey_id)
    known = owned.passkey.is_backed_up if owned else False
    return await SPEND(self, passkey_id, challenge, replace(use, is_backed_up=known))


async def _add_in_a_race(self: Any, user_id: Any, passkey: Any) -> Any:
    def decide(tables: Any) -> Any:
        known = {each.passkey.credential_id for each in tables.passkeys.rows()}
        if passkey.credential_id in known:
            return False, []
        account = replace(tables.accounts.get(user_id), has_second_factor=True)
        owned = OwnedPasskey(user_id=user_id, passkey=passkey)
        return True, [("passkeys", passkey.id, owned), ("accounts", user_id, account)]

    return await step(self, decide, races=True)


async def _add_without_the_flag(self: Any, user_id: Any, passkey: Any) -> bool:
    before = (await self._access.read()).accounts.get(user_id)
    is_added = await ADD(self, user_id, passkey)
    async with self._access.change() as tables:
        tables.accounts.put(user_id, before)
    return is_added


async def _of_anybody(self: Any, _user_id: Any) -> Any:
    rows = (await self._access.read()).passkeys.rows()
    return tuple(sorted((each.passkey for each in rows), key=lambda each: each.id.int))


async def _newest_first(self: Any, user_id: Any) -> Any:
    return tuple(reversed(await OF_USER(self, user_id)))


async def _first_of_all(self: Any, _credential_id: bytes) -> Any:
    return next(iter((await self._access.read()).passkeys.rows()), None)


async def _remove_of_anybody(self: Any, user_id: Any, passkey_id: Any) -> bool:
    owned = (await self._access.read()).passkeys.get(passkey_id)
    return await REMOVE(self, owned.user_id if owned else user_id, passkey_id)


async def _remove_gladly(self: Any, user_id: Any, passkey_id: Any) -> bool:
    await REMOVE(self, user_id, passkey_id)
    return True


def _keeping(table: str) -> Method:
    async def remove(self: Any, user_id: Any, passkey_id: Any) -> bool:
        before = getattr(await self._access.read(), table).get(user_id)
        is_removed = await REMOVE(self, user_id, passkey_id)
        async with self._access.change() as tables:
            getattr(tables, table).put(user_id, before)
        return is_removed

    return remove


async def _remove_with_the_flag(self: Any, user_id: Any, passkey_id: Any) -> bool:
    is_removed = await REMOVE(self, user_id, passkey_id)
    async with self._access.change() as tables:
        account = tables.accounts.get(user_id)
        tables.accounts.put(user_id, replace(account, has_second_factor=not is_removed))
    return is_removed


def faults() -> Iterator[Fault]:
    """Break stored passkeys."""

    def broken(name: str, **methods: Method) -> Fault:
        owner = MemoryPasskeyRepository
        return Fault.of(f"StoredPasskeys{name}", PasskeyRepositorySuite, owner, **methods)

    yield broken("AreAnybodys", of_user=_of_anybody)
    yield broken("AreListedBackwards", of_user=_newest_first)
    yield broken("AreFoundByAnyCredential", by_credential=_first_of_all)
    yield broken("AreAddedInARace", add=_add_in_a_race)
    yield broken("AreAddedButNotRequired", add=_add_without_the_flag)
    yield broken("SignInTwice", spend=_spend(refuses=UUID.__lt__))
    yield broken("SignInBackwards", spend=_spend(refuses=UUID.__eq__))
    yield broken("SignInInARace", spend=_spend(races=True))
    yield broken("CountBackwards", spend=_spend(shrinks=True))
    yield broken("ForgetTheirBackup", spend=_spend_and_forget_the_backup)
    yield broken("AreRemovedByAnybody", remove=_remove_of_anybody)
    yield broken("AreAlwaysRemoved", remove=_remove_gladly)
    yield broken("AreRemovedWithoutTheCodes", remove=_keeping("factors"))
    yield broken("AreRemovedAndStillRequired", remove=_keeping("accounts"))
    yield broken("AreRemovedWithAllOthers", remove=_remove_with_the_flag)
