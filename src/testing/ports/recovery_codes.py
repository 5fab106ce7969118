"""What a repository of recovery codes promises."""

import asyncio
from typing import Final
from uuid import uuid4

from latchkey.domain.accounts.user import UserId
from latchkey.domain.storage import Storage
from latchkey.testing.ports.factor_spending import confirmed, enrolled, found
from latchkey.testing.ports.storage import AT_ONCE, added_user
from latchkey.testing.ports.suite import AsyncSuite

ONE, TWO, THREE, OTHER = (letter * 32 for letter in (b"1", b"2", b"3", b"x"))
CODES: Final = (ONE, TWO, THREE)


class RecoveryCodeRepositorySuite(AsyncSuite):
    """All that a repository of recovery codes promises. Asks for the fixture `storage`."""

    async def test_codes_need_a_confirmed_factor(self, storage: Storage) -> None:
        without, pending = await added_user(storage), await added_user(storage)
        await enrolled(storage, pending)

        outcomes = [
            await storage.recovery_codes.replace(user_id, CODES)
            for user_id in (without.id, pending.id, UserId(uuid4()))
        ]

        assert outcomes == [False] * 3
        assert (await found(storage, pending)).recovery_codes_left == 0
        assert not await storage.recovery_codes.spend(pending.id, [ONE])

    async def test_each_code_works_once(self, storage: Storage) -> None:
        user = await added_user(storage)
        await confirmed(storage, user)

        is_replaced = await storage.recovery_codes.replace(user.id, CODES)

        outcomes = [
            await storage.recovery_codes.spend(user.id, [code])
            for code in (TWO, TWO, OTHER, ONE, THREE, ONE)
        ]
        assert is_replaced
        assert outcomes == [True, False, False, True, True, False]

    async def test_a_spent_code_is_one_less(self, storage: Storage) -> None:
        user = await added_user(storage)
        totp = await confirmed(storage, user)
        await storage.recovery_codes.replace(user.id, CODES)

        left = [(await found(storage, user)).recovery_codes_left]
        for code in (OTHER, ONE, ONE, TWO):
            await storage.recovery_codes.spend(user.id, [code])
            left.append((await found(storage, user)).recovery_codes_left)

        assert left == [3, 3, 2, 2, 1]
        assert (await found(storage, user)).totp == totp

    async def test_a_code_has_any_of_its_hashes(self, storage: Storage) -> None:
        user = await added_user(storage)
        await confirmed(storage, user)
        await storage.recovery_codes.replace(user.id, CODES)

        outcomes = [await storage.recovery_codes.spend(user.id, [OTHER, ONE]) for _ in range(2)]

        assert outcomes == [True, False]
        assert (await found(storage, user)).recovery_codes_left == 2

    async def test_new_codes_replace_the_old_ones(self, storage: Storage) -> None:
        user = await added_user(storage)
        await confirmed(storage, user)
        await storage.recovery_codes.replace(user.id, [ONE, TWO])

        await storage.recovery_codes.replace(user.id, [TWO, THREE])

        outcomes = [await storage.recovery_codes.spend(user.id, [code]) for code in CODES]
        assert outcomes == [False, True, True]

    async def test_a_code_is_its_owners_alone(self, storage: Storage) -> None:
        user, other = await added_user(storage), await added_user(storage)
        for each in (user, other):
            await confirmed(storage, each)
        await storage.recovery_codes.replace(user.id, [ONE])
        await storage.recovery_codes.replace(other.id, [ONE, TWO])

        outcomes = [await storage.recovery_codes.spend(user.id, [code]) for code in (TWO, ONE)]

        assert outcomes == [False, True]
        assert (await found(storage, other)).recovery_codes_left == 2

    async def test_of_attempts_at_once_with_one_code_one_succeeds(self, storage: Storage) -> None:
        user = await added_user(storage)
        await confirmed(storage, user)
        await storage.recovery_codes.replace(user.id, CODES)

        outcomes = await asyncio.gather(
            *(storage.recovery_codes.spend(user.id, [ONE]) for _ in range(AT_ONCE))
        )

        assert sum(outcomes) == 1
        assert (await found(storage, user)).recovery_codes_left == 2

    async def test_different_codes_at_once_all_work(self, storage: Storage) -> None:
        user = await added_user(storage)
        await confirmed(storage, user)
        await storage.recovery_codes.replace(user.id, CODES)

        outcomes = await asyncio.gather(
            *(storage.recovery_codes.spend(user.id, [code]) for code in CODES)
        )

        assert outcomes == [True] * 3
        assert (await found(storage, user)).recovery_codes_left == 0

    async def test_changes_are_undone_with_their_unit_of_work(self, storage: Storage) -> None:
        user = await added_user(storage)
        await confirmed(storage, user)
        await storage.recovery_codes.replace(user.id, [ONE])

        async with storage.units.begin() as unit:
            await unit.recovery_codes.spend(user.id, [ONE])
            await unit.recovery_codes.replace(user.id, CODES)

        assert (await found(storage, user)).recovery_codes_left == 1
        assert await storage.recovery_codes.spend(user.id, [ONE])
