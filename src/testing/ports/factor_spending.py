"""What a repository of second factors promises about codes that were used."""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import uuid4

from latchkey.domain.accounts.user import User
from latchkey.domain.factors.factor import FactorId, FoundFactors, TotpFactor
from latchkey.domain.storage import Storage
from latchkey.testing.factories import totp_factor
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.storage import AT_ONCE, added_user
from latchkey.testing.ports.suite import AsyncSuite

STEP: Final = 59_000_000


async def enrolled(storage: Storage, user: User, at: datetime = START) -> TotpFactor:
    """Store a factor that is not confirmed."""
    factor = totp_factor(at)
    await storage.factors.enrol(user.id, factor)
    return factor


async def confirmed(storage: Storage, user: User, step: int = STEP) -> TotpFactor:
    """Store a factor, and confirm it."""
    factor = await enrolled(storage, user)
    assert await storage.factors.confirm(user.id, factor.id, step)
    return replace(factor, spent_step=step)


async def found(storage: Storage, user: User) -> FoundFactors:
    """Return a user's factors, which must be there."""
    factors = await storage.factors.find(user.id)
    assert factors is not None
    return factors


class FactorSpendingSuite(AsyncSuite):
    """Steps are spent."""

    async def test_a_step_is_spent_once_and_none_before_it(self, storage: Storage) -> None:
        user = await added_user(storage)
        factor = await confirmed(storage, user)

        outcomes = [
            await storage.factors.spend(user.id, factor.id, step)
            for step in (STEP, STEP + 1, STEP + 1, STEP, STEP - 1, STEP + 3, STEP + 2)
        ]

        assert outcomes == [False, True, False, False, False, True, False]
        assert (await found(storage, user)).totp == replace(factor, spent_step=STEP + 3)

    async def test_a_step_is_spent_for_its_factor_alone(self, storage: Storage) -> None:
        user, other = await added_user(storage), await added_user(storage)
        factor, theirs = await confirmed(storage, user), await confirmed(storage, other)
        pending = await enrolled(storage, user)

        outcomes = [
            await storage.factors.spend(user.id, each, STEP + 1)
            for each in (theirs.id, pending.id, FactorId(uuid4()))
        ]

        assert outcomes == [False] * 3
        factors = await found(storage, user)
        assert (factors.totp, factors.pending) == (factor, pending)
        assert (await found(storage, other)).totp == theirs

    async def test_of_attempts_at_once_to_spend_a_step_one_succeeds(self, storage: Storage) -> None:
        user = await added_user(storage)
        factor = await confirmed(storage, user)

        outcomes = await asyncio.gather(
            *(storage.factors.spend(user.id, factor.id, STEP + 1) for _ in range(AT_ONCE))
        )

        assert sum(outcomes) == 1
