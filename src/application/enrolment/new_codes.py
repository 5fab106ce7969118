"""Draw new recovery codes (docs/flow.md, Y6)."""

from dataclasses import dataclass

from latchkey.domain.accounts.user import UserId
from latchkey.domain.factors.errors import FactorNotFoundError, SecondFactorsDisabledError
from latchkey.domain.factors.factor_keys import FactorKeys
from latchkey.domain.factors.recovery_code import RecoveryCode, new_recovery_codes
from latchkey.domain.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCodes:
    """Replaces the recovery codes of a user within a unit of work, which the caller commits."""

    keys: FactorKeys

    async def __call__(self, unit: UnitOfWork, user_id: UserId) -> tuple[RecoveryCode, ...]:
        """Return the new codes, of which the hashes by the current key are stored.

        Raises:
            SecondFactorsDisabledError: The deployment has no secret for second factors.
            FactorNotFoundError: The user has no confirmed factor.
        """
        codes = new_recovery_codes()
        hashes = [
            stored for code in codes for stored in self.keys.recovery_hashes(user_id, code)[:1]
        ]
        if not hashes:
            raise SecondFactorsDisabledError
        if not await unit.recovery_codes.replace(user_id, hashes):
            raise FactorNotFoundError
        return codes
