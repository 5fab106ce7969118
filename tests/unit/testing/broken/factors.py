"""Second factors that are confirmed or spent twice, that are others', or that stay; their keys."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from latchkey.adapters.factor_keys import HmacFactorKeys
from latchkey.adapters.memory.factors.factors import (
    NOTHING,
    MemoryFactorRepository,
    MemoryRecoveryCodeRepository,
)
from latchkey.domain.accounts.user import UserId
from latchkey.testing.ports import (
    FactorKeysSuite,
    FactorRepositorySuite,
    RecoveryCodeRepositorySuite,
)
from unit.testing.broken.fault import Fault, step

FIND: Final = MemoryFactorRepository.find
ENROL: Final = MemoryFactorRepository.enrol
CONFIRM: Final = MemoryFactorRepository.confirm
REMOVE: Final = MemoryFactorRepository.remove
SPEND_CODE: Final = MemoryRecoveryCodeRepository.spend
SECRET: Final = HmacFactorKeys.totp_secret
HASHES: Final = HmacFactorKeys.recovery_hashes
NOBODY: Final = UserId(UUID(int=0))

Method = Callable[..., Any]


def _spend(
    *, is_later: Callable[[int, int], bool] = int.__gt__, any_id: bool = False, races: bool = False
) -> Method:
    async def spend(self: Any, user_id: Any, factor_id: Any, at: int) -> Any:
        def decide(tables: Any) -> Any:
            row = tables.factors.get(user_id)
            totp = row.totp if row else None
            if totp is None or not (any_id or totp.id == factor_id):
                return False, []
            if not is_later(at, totp.spent_step):
                return False, []
            changed = replace(row, totp=replace(totp, spent_step=at))
            return True, [("factors", user_id, changed)]

        return await step(self, decide, races=races)

    return spend


def _confirm(*, any_id: bool = False, flag: bool = True, races: bool = False) -> Method:
    async def confirm(self: Any, user_id: Any, factor_id: Any, at: int) -> Any:
        def decide(tables: Any) -> Any:
            row, account = tables.factors.get(user_id), tables.accounts.get(user_id)
            pending = row.pending if row else None
            if pending is None or not (any_id or pending.id == factor_id):
                return False, []
            changed = replace(row, totp=replace(pending, spent_step=at), pending=None)
            account = replace(account, has_second_factor=flag)
            return True, [("factors", user_id, changed), ("accounts", user_id, account)]

        return await step(self, decide, races=races)

    return confirm


async def _confirm_and_forget_codes(self: Any, user_id: Any, factor_id: Any, at: int) -> Any:
    is_confirmed = await CONFIRM(self, user_id, factor_id, at)
    async with self._access.change() as tables:
        if is_confirmed:
            row = tables.factors.get(user_id)
            tables.factors.put(user_id, replace(row, recovery_hashes=frozenset()))
    return is_confirmed


async def _confirm_unspent(self: Any, user_id: Any, factor_id: Any, at: int) -> Any:
    return await CONFIRM(self, user_id, factor_id, at - 1)


async def _enrol_over(self: Any, user_id: Any, factor: Any) -> None:
    async with self._access.change() as tables:
        tables.factors.put(user_id, replace(NOTHING, pending=factor))


async def _enrol_once(self: Any, user_id: Any, factor: Any) -> None:
    found = await FIND(self, user_id)
    if found is None or found.pending is None:
        await ENROL(self, user_id, factor)


async def _remove_totp_alone(self: Any, user_id: Any) -> Any:
    before = await FIND(self, user_id)
    async with self._access.change() as tables:
        row, account = tables.factors.get(user_id), tables.accounts.get(user_id)
        tables.factors.put(user_id, row and replace(row, totp=None))
        tables.accounts.put(user_id, replace(account, has_second_factor=False))
    return before is not None and before.totp is not None


async def _remove_but_for_the_flag(self: Any, user_id: Any) -> Any:
    async with self._access.change() as tables:
        row = tables.factors.get(user_id)
        tables.factors.put(user_id, None)
        return row is not None and row.totp is not None


async def _remove_gladly(self: Any, user_id: Any) -> bool:
    await REMOVE(self, user_id)
    return True


async def _find_anybody(self: Any, user_id: Any) -> Any:
    found = await FIND(self, user_id)
    tables = await self._access.read()
    anybody = next(iter(tables.factors.rows()), NOTHING)
    return found and replace(found, totp=found.totp or anybody.totp)


def _factor_faults() -> Iterator[Fault]:
    def broken(name: str, **methods: Method) -> Fault:
        return Fault.of(f"Factors{name}", FactorRepositorySuite, MemoryFactorRepository, **methods)

    yield broken("AreAnybodys", find=_find_anybody)
    yield broken("AreEnrolledOnce", enrol=_enrol_once)
    yield broken("AreEnrolledOverTheConfirmedOne", enrol=_enrol_over)
    yield broken("AreConfirmedByAnyId", confirm=_confirm(any_id=True))
    yield broken("AreConfirmedInARace", confirm=_confirm(races=True))
    yield broken("AreConfirmedButNotRequired", confirm=_confirm(flag=False))
    yield broken("AreConfirmedByACodeThatStaysGood", confirm=_confirm_unspent)
    yield broken("ForgetCodesWhenConfirmed", confirm=_confirm_and_forget_codes)
    yield broken("AreSpentTwice", spend=_spend(is_later=int.__ge__))
    yield broken("AreSpentBackwards", spend=_spend(is_later=int.__ne__))
    yield broken("AreSpentByAnyId", spend=_spend(any_id=True))
    yield broken("AreSpentInARace", spend=_spend(races=True))
    yield broken("AreRemovedWithoutTheirCodes", remove=_remove_totp_alone)
    yield broken("AreRemovedAndStillRequired", remove=_remove_but_for_the_flag)
    yield broken("AreAlwaysRemoved", remove=_remove_gladly)


def _spend_code(*, keeps: bool = False, races: bool = False, all_codes: bool = False) -> Method:
    async def spend(self: Any, user_id: Any, hashes: Any) -> Any:
        def decide(tables: Any) -> Any:
            row = tables.factors.get(user_id) or NOTHING
            if not row.recovery_hashes & set(hashes):
                return False, []
            spent = row.recovery_hashes if all_codes else set(hashes)
            left = row.recovery_hashes if keeps else row.recovery_hashes - spent
            return True, [("factors", user_id, replace(row, recovery_hashes=left))]

        return await step(self, decide, races=races)

    return spend


async def _spend_first_hash(self: Any, user_id: Any, hashes: Any) -> Any:
    return await SPEND_CODE(self, user_id, list(hashes)[:1])


async def _spend_anybodys(self: Any, user_id: Any, hashes: Any) -> bool:
    tables = await self._access.read()
    users = [key for key, _ in tables.factors.items()]
    return any([await SPEND_CODE(self, each, hashes) for each in (user_id, *users)])


async def _add_codes(self: Any, user_id: Any, hashes: Any) -> bool:
    async with self._access.change() as tables:
        row = tables.factors.get(user_id)
        if row is None or row.totp is None:
            return False
        both = row.recovery_hashes | set(hashes)
        tables.factors.put(user_id, replace(row, recovery_hashes=both))
        return True


async def _replace_without_a_factor(self: Any, user_id: Any, hashes: Any) -> bool:
    async with self._access.change() as tables:
        row = tables.factors.get(user_id) or NOTHING
        tables.factors.put(user_id, replace(row, recovery_hashes=frozenset(hashes)))
        return True


def _code_faults() -> Iterator[Fault]:
    def broken(name: str, **methods: Method) -> Fault:
        owner = MemoryRecoveryCodeRepository
        return Fault.of(f"RecoveryCodes{name}", RecoveryCodeRepositorySuite, owner, **methods)

    yield broken("WorkTwice", spend=_spend_code(keeps=True))
    yield broken("WorkTwiceInARace", spend=_spend_code(races=True))
    yield broken("AreAllSpent", spend=_spend_code(all_codes=True))
    yield broken("HaveOneHash", spend=_spend_first_hash)
    yield broken("AreAnybodys", spend=_spend_anybodys)
    yield broken("AreAdded", replace=_add_codes)
    yield broken("NeedNoFactor", replace=_replace_without_a_factor)


def _key_faults() -> Iterator[Fault]:
    def broken(name: str, **methods: Method) -> Fault:
        return Fault.of(f"FactorKeys{name}", FactorKeysSuite, HmacFactorKeys, **methods)

    yield broken("ForgetTheUser", totp_secret=lambda self, _, seed: SECRET(self, NOBODY, seed))
    yield broken("AreLong", totp_secret=_doubled)
    yield broken("StoreTheSecret", totp_secret=lambda *given: (given[2].nonce * 2)[:20])
    yield broken(
        "HashCodesOfAnybody",
        recovery_hashes=lambda self, _, code: HASHES(self, NOBODY, code),
    )


def _doubled(self: Any, user: Any, seed: Any) -> Any:
    secret = SECRET(self, user, seed)
    return secret and secret * 2


def faults() -> Iterator[Fault]:
    """Break second factors, recovery codes and their keys."""
    yield from _factor_faults()
    yield from _code_faults()
    yield from _key_faults()
