"""What a repository of passkeys promises."""

import asyncio
import secrets
from dataclasses import replace
from typing import Final
from uuid import uuid4

from latchkey.domain.accounts.user import User, UserId
from latchkey.domain.factors.factor import FactorId
from latchkey.domain.factors.passkey import NewPasskey, OwnedPasskey, Passkey, PasskeyUse
from latchkey.domain.kernel.identifier import new_id
from latchkey.domain.storage import Storage
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.factor_spending import confirmed, found
from latchkey.testing.ports.storage import AT_ONCE, added_user
from latchkey.testing.ports.suite import AsyncSuite

USE: Final = PasskeyUse(sign_count=7, is_backed_up=True)
HASHES: Final = (b"a" * 32, b"b" * 32)


def passkey(credential_id: bytes | None = None) -> Passkey:
    """Return a passkey that is stored nowhere yet."""
    return Passkey.of(
        NewPasskey(
            credential_id=credential_id or secrets.token_bytes(16),
            public_key=b"\xa0",
            sign_count=5,
            is_synced=True,
            is_backed_up=False,
        ),
        user_handle=secrets.token_bytes(32),
        rp_id="auth.example.com",
        name="Ünïcode ☂",
        transports=("hybrid", "internal"),
        now=START,
    )


async def added(storage: Storage, user: User) -> Passkey:
    """Add a passkey to a user."""
    new = passkey()
    assert await storage.passkeys.add(user.id, new)
    return new


class PasskeyRepositorySuite(AsyncSuite):
    """All that a repository of passkeys promises. Asks for the fixture `storage`."""

    async def test_a_passkey_is_found_as_it_was_added(self, storage: Storage) -> None:
        user, other = await added_user(storage), await added_user(storage)
        first, theirs, second = [await added(storage, each) for each in (user, other, user)]

        assert await storage.passkeys.of_user(user.id) == (first, second)
        assert await storage.passkeys.of_user(other.id) == (theirs,)
        owned = await storage.passkeys.by_credential(second.credential_id)
        assert owned == OwnedPasskey(user_id=user.id, passkey=second)

    async def test_nothing_else_is_found(self, storage: Storage) -> None:
        await added(storage, await added_user(storage))

        assert await storage.passkeys.of_user(UserId(uuid4())) == ()
        assert await storage.passkeys.by_credential(b"unknown") is None

    async def test_the_longest_credential_id_is_stored(self, storage: Storage) -> None:
        user, new = await added_user(storage), passkey(secrets.token_bytes(1023))

        assert await storage.passkeys.add(user.id, new)
        assert await storage.passkeys.of_user(user.id) == (new,)

    async def test_a_user_with_a_passkey_has_a_second_factor(self, storage: Storage) -> None:
        user = await added_user(storage)
        before = await found(storage, user)
        await added(storage, user)

        after = await found(storage, user)

        assert (before.has_passkey, before.credential.has_second_factor) == (False, False)
        assert (after.has_passkey, after.credential.has_second_factor) == (True, True)

    async def test_codes_of_a_user_who_has_a_passkey_alone_are_stored(
        self, storage: Storage
    ) -> None:
        user, nobody = await added_user(storage), await added_user(storage)
        await added(storage, user)

        assert await storage.recovery_codes.replace(user.id, HASHES)
        assert not await storage.recovery_codes.replace(nobody.id, HASHES)
        assert (await found(storage, user)).recovery_codes_left == len(HASHES)

    async def test_a_credential_id_is_added_once_by_anybody_at_once(self, storage: Storage) -> None:
        users = [await added_user(storage) for _ in range(AT_ONCE)]
        credential_id = secrets.token_bytes(16)

        outcomes = await asyncio.gather(
            *(storage.passkeys.add(user.id, passkey(credential_id)) for user in users)
        )

        assert sum(outcomes) == 1
        flags = [(await found(storage, user)).credential.has_second_factor for user in users]
        assert flags == outcomes

    async def test_of_uses_of_one_challenge_at_once_one_succeeds(self, storage: Storage) -> None:
        new = await added(storage, await added_user(storage))
        challenge = new_id(START)

        outcomes = await asyncio.gather(
            *(storage.passkeys.spend(new.id, challenge, USE) for _ in range(AT_ONCE))
        )

        assert sum(outcomes) == 1

    async def test_a_use_is_stored_and_no_earlier_challenge_is_good_any_more(
        self, storage: Storage
    ) -> None:
        new = await added(storage, await added_user(storage))
        earlier, now, later = [new_id(START) for _ in range(3)]

        outcomes = [
            await storage.passkeys.spend(new.id, each, use)
            for each, use in (
                (now, USE),
                (earlier, replace(USE, sign_count=99)),
                (now, replace(USE, sign_count=98)),
                (later, PasskeyUse(sign_count=2, is_backed_up=False)),
            )
        ]

        assert outcomes == [True, False, False, True]
        owned = await storage.passkeys.by_credential(new.credential_id)
        assert owned is not None
        assert owned.passkey == replace(new, last_challenge=later, sign_count=7, is_backed_up=False)

    async def test_whether_it_is_backed_up_is_stored_with_each_use(self, storage: Storage) -> None:
        user = await added_user(storage)
        new = await added(storage, user)

        await storage.passkeys.spend(new.id, new_id(START), USE)

        [stored] = await storage.passkeys.of_user(user.id)
        assert (new.is_backed_up, stored.is_backed_up) == (False, True)

    async def test_a_challenge_is_spent_for_one_passkey_alone(self, storage: Storage) -> None:
        user, challenge = await added_user(storage), new_id(START)
        first, second = await added(storage, user), await added(storage, user)

        assert await storage.passkeys.spend(first.id, challenge, USE)
        assert await storage.passkeys.spend(second.id, challenge, USE)
        assert not await storage.passkeys.spend(FactorId(uuid4()), challenge, USE)

    async def test_the_last_factor_takes_the_codes_with_it(self, storage: Storage) -> None:
        user = await added_user(storage)
        first, second = await added(storage, user), await added(storage, user)
        await storage.recovery_codes.replace(user.id, HASHES)

        assert await storage.passkeys.remove(user.id, first.id)
        between = await found(storage, user)
        assert await storage.passkeys.remove(user.id, second.id)
        after = await found(storage, user)

        assert (between.credential.has_second_factor, between.recovery_codes_left) == (True, 2)
        assert (after.credential.has_second_factor, after.recovery_codes_left) == (False, 0)
        assert not after.has_passkey

    async def test_an_app_is_a_factor_beside_the_last_passkey(self, storage: Storage) -> None:
        user = await added_user(storage)
        await confirmed(storage, user)
        new = await added(storage, user)
        await storage.recovery_codes.replace(user.id, HASHES)

        assert await storage.passkeys.remove(user.id, new.id)

        left = await found(storage, user)
        assert (left.credential.has_second_factor, left.recovery_codes_left) == (True, 2)

    async def test_only_the_users_own_passkey_is_removed(self, storage: Storage) -> None:
        user, other = await added_user(storage), await added_user(storage)
        new = await added(storage, user)

        outcomes = [
            await storage.passkeys.remove(other.id, new.id),
            await storage.passkeys.remove(user.id, FactorId(uuid4())),
        ]

        assert outcomes == [False, False]
        assert (await found(storage, user)).credential.has_second_factor

    async def test_a_removal_of_all_factors_removes_passkeys(self, storage: Storage) -> None:
        user, other = await added_user(storage), await added_user(storage)
        new, theirs = await added(storage, user), await added(storage, other)

        outcomes = [await storage.factors.remove(user.id) for _ in range(2)]

        assert outcomes == [True, False]
        assert not await storage.passkeys.spend(new.id, new_id(START), USE)
        assert await storage.passkeys.of_user(other.id) == (theirs,)
        assert not (await found(storage, user)).credential.has_second_factor

    async def test_changes_are_undone_with_their_unit_of_work(self, storage: Storage) -> None:
        user = await added_user(storage)
        new = await added(storage, user)

        async with storage.units.begin() as unit:
            await unit.passkeys.spend(new.id, new_id(START), USE)
            await unit.passkeys.add(user.id, passkey())
            await unit.passkeys.remove(user.id, new.id)

        assert await storage.passkeys.of_user(user.id) == (new,)
