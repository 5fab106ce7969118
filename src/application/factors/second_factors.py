"""Check and use up what a user proves a second factor with (docs/flow.md, Y3 and Y6)."""

from dataclasses import dataclass, field
from datetime import datetime

from latchkey.domain.factors.authentication import SecondMethod
from latchkey.domain.factors.factor import FoundFactors
from latchkey.domain.factors.factor_keys import FactorKeys
from latchkey.domain.factors.recovery_code import RecoveryCode
from latchkey.domain.factors.totp import accepted_step
from latchkey.domain.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorAnswer:
    """What a user answers a challenge with.

    Attributes:
        method: Which kind of code it is.
        typed: The code, as typed; may be any text.
    """

    method: SecondMethod
    typed: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactors:
    """Checks codes. A code that was right is used up, once the unit of work is committed."""

    keys: FactorKeys

    async def spend(
        self, unit: UnitOfWork, found: FoundFactors, answer: SecondFactorAnswer, now: datetime
    ) -> bool:
        """Return whether a code is right. Of concurrent calls with one code, exactly one is.

        Args:
            unit: Where the code is used up.
            found: The user's factors.
            answer: The code.
            now: When it was presented, aware UTC.
        """
        if answer.method is SecondMethod.TOTP:
            return await self._spend_step(unit, found, answer.typed, now)
        return await self._spend_code(unit, found, answer.typed)

    async def _spend_step(
        self, unit: UnitOfWork, found: FoundFactors, typed: str, now: datetime
    ) -> bool:
        user_id, factor = found.credential.user.id, found.totp
        secret = self.keys.totp_secret(user_id, factor.seed) if factor else None
        if factor is None or secret is None:
            return False
        step = accepted_step(secret, typed, now, factor.spent_step)
        return step is not None and await unit.factors.spend(user_id, factor.id, step)

    async def _spend_code(self, unit: UnitOfWork, found: FoundFactors, typed: str) -> bool:
        user_id, code = found.credential.user.id, RecoveryCode.read(typed)
        if code is None:
            return False
        return await unit.recovery_codes.spend(user_id, self.keys.recovery_hashes(user_id, code))
