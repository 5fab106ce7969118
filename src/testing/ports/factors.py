"""What a repository of second factors promises."""

import asyncio
from dataclasses import replace
from typing import Final
from uuid import uuid4

from latchkey.domain.accounts.user import User, UserId
from latchkey.domain.factors.factor import FactorId, FoundFactors, TotpFactor
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.session import Session
from latchkey.domain.storage import Storage
from latchkey.testing.factories import password_hash, refresh_token, totp_factor
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.factor_spending import (
    STEP,
    FactorSpendingSuite,
    confirmed,
    enrolled,
    found,
)
from latchkey.testing.ports.storage import AT_ONCE, ROUNDS, added_user

REVOKED: Final = EndReason.REVOKED
HASHES: Final = (b"a" * 32, b"b" * 32)


class FactorRepositorySuite(FactorSpendingSuite):
    """All that a repository of second factors promises. Asks for the fixture `storage`."""

    async def test_a_new_user_has_no_factors(self, storage: Storage) -> None:
        user, other = await added_user(storage), await added_user(storage)
        await confirmed(storage, other)

        credential = await storage.password_credentials.by_email(user.email)
        assert credential is not None
        assert not credential.has_second_factor
        assert await storage.factors.find(user.id) == FoundFactors(credential=credential)

    async def test_nobody_has_no_factors(self, storage: Storage) -> None:
        assert await storage.factors.find(UserId(uuid4())) is None

    async def test_a_user_is_found_as_of_now(self, storage: Storage) -> None:
        user = await added_user(storage)
        await confirmed(storage, user)
        await storage.users.disable(user.id, START)
        changed = password_hash()
        await storage.password_credentials.change_password(user.id, changed)

        credential = (await found(storage, user)).credential

        assert credential.user == replace(user, disabled_at=START)
        assert credential.password_hash == changed
        assert credential.password_version == 2
        assert credential.has_second_factor

    async def test_a_factor_is_found_as_it_was_enrolled(self, storage: Storage) -> None:
        user = await added_user(storage)

        factor = await enrolled(storage, user)

        factors = await found(storage, user)
        assert (factors.totp, factors.pending) == (None, factor)
        assert not factors.credential.has_second_factor

    async def test_a_factor_that_was_not_confirmed_is_replaced(self, storage: Storage) -> None:
        user = await added_user(storage)
        first = await enrolled(storage, user)
        second = await enrolled(storage, user)

        is_confirmed = await storage.factors.confirm(user.id, first.id, STEP)

        factors = await found(storage, user)
        assert not is_confirmed
        assert (factors.totp, factors.pending) == (None, second)

    async def test_a_confirmed_factor_is_the_second_factor(self, storage: Storage) -> None:
        user = await added_user(storage)
        factor = await enrolled(storage, user)

        is_confirmed = await storage.factors.confirm(user.id, factor.id, STEP)

        factors = await found(storage, user)
        assert is_confirmed
        assert (factors.totp, factors.pending) == (replace(factor, spent_step=STEP), None)
        credential = await storage.password_credentials.by_email(user.email)
        assert credential == factors.credential
        assert credential.has_second_factor

    async def test_a_confirmed_factor_is_kept_until_another_one_is_confirmed(
        self, storage: Storage
    ) -> None:
        user = await added_user(storage)
        old = await confirmed(storage, user)
        await storage.recovery_codes.replace(user.id, HASHES)
        new = await enrolled(storage, user)
        before = await found(storage, user)

        await storage.factors.confirm(user.id, new.id, STEP - 9)

        after = await found(storage, user)
        assert (before.totp, before.pending) == (old, new)
        assert (after.totp, after.pending) == (replace(new, spent_step=STEP - 9), None)
        assert after.recovery_codes_left == len(HASHES)

    async def test_nothing_else_is_confirmed(self, storage: Storage) -> None:
        user, other = await added_user(storage), await added_user(storage)
        factor = await enrolled(storage, user)
        theirs = await enrolled(storage, other)

        outcomes = [
            await storage.factors.confirm(user.id, FactorId(uuid4()), STEP),
            await storage.factors.confirm(user.id, theirs.id, STEP),
            await storage.factors.confirm(UserId(uuid4()), factor.id, STEP),
        ]

        assert outcomes == [False] * 3
        for each, pending in ((user, factor), (other, theirs)):
            factors = await found(storage, each)
            assert (factors.totp, factors.pending) == (None, pending)
            assert not factors.credential.has_second_factor

    async def test_of_confirmations_at_once_one_succeeds(self, storage: Storage) -> None:
        user = await added_user(storage)
        factor = await enrolled(storage, user)

        outcomes = await asyncio.gather(
            *(storage.factors.confirm(user.id, factor.id, STEP + each) for each in range(AT_ONCE))
        )

        assert sum(outcomes) == 1
        totp = (await found(storage, user)).totp
        assert totp == replace(factor, spent_step=STEP + outcomes.index(True))

    async def test_removal_leaves_nothing_and_others_alone(self, storage: Storage) -> None:
        user, other = await added_user(storage), await added_user(storage)
        await confirmed(storage, user)
        await enrolled(storage, user)
        theirs = await confirmed(storage, other)
        for each in (user, other):
            await storage.recovery_codes.replace(each.id, HASHES)

        outcomes = [await storage.factors.remove(user.id) for _ in range(2)]

        assert outcomes == [True, False]
        credential = await storage.password_credentials.by_email(user.email)
        assert credential is not None
        assert not credential.has_second_factor
        assert await storage.factors.find(user.id) == FoundFactors(credential=credential)
        kept = await found(storage, other)
        assert (kept.totp, kept.recovery_codes_left) == (theirs, len(HASHES))
        assert kept.credential.has_second_factor

    async def test_the_removal_of_a_factor_that_was_not_confirmed_is_told(
        self, storage: Storage
    ) -> None:
        user = await added_user(storage)
        await enrolled(storage, user)

        assert not await storage.factors.remove(user.id)
        assert (await found(storage, user)).pending is None

    async def test_changes_are_undone_with_their_unit_of_work(self, storage: Storage) -> None:
        user, other = await added_user(storage), await added_user(storage)
        factor, pending = await confirmed(storage, user), await enrolled(storage, other)

        async with storage.units.begin() as unit:
            await unit.factors.spend(user.id, factor.id, STEP + 1)
            await unit.factors.confirm(other.id, pending.id, STEP)
            await unit.factors.enrol(user.id, totp_factor())

        factors, others = await found(storage, user), await found(storage, other)
        assert (factors.totp, factors.pending) == (factor, None)
        assert (others.totp, others.pending) == (None, pending)
        assert not others.credential.has_second_factor

    async def test_a_session_is_added_only_for_what_the_user_has(self, storage: Storage) -> None:
        without, having = await added_user(storage), await added_user(storage)
        await confirmed(storage, having)

        async def is_added(user: User, *, has_second_factor: bool) -> bool:
            session = Session.begin(refresh_token(), user.id, START)
            return await storage.sessions.add(
                session, password_version=1, has_second_factor=has_second_factor
            )

        assert not await is_added(without, has_second_factor=True)
        assert not await is_added(having, has_second_factor=False)
        assert await is_added(without, has_second_factor=False)
        assert await is_added(having, has_second_factor=True)
        await storage.factors.remove(having.id)
        assert await is_added(having, has_second_factor=False)

    async def test_no_session_of_a_password_alone_outlives_a_confirmation(
        self, storage: Storage
    ) -> None:
        async def confirm(user: User, factor: TotpFactor) -> None:
            async with storage.units.begin() as unit:
                await unit.users.lock(user.id)
                assert await unit.factors.confirm(user.id, factor.id, STEP)
                await unit.sessions.end_all(user.id, REVOKED)
                await unit.commit()

        for _ in range(ROUNDS):
            user = await added_user(storage)
            factor = await enrolled(storage, user)
            sessions = [Session.begin(refresh_token(), user.id, START) for _ in range(4)]

            await asyncio.gather(
                *(storage.sessions.add(session, password_version=1) for session in sessions[:2]),
                confirm(user, factor),
                *(storage.sessions.add(session, password_version=1) for session in sessions[2:]),
            )

            for session in sessions:
                stored = await storage.sessions.find(session.id)
                assert stored is None or stored.session.end_reason is REVOKED
