"""Begin to add an authenticator app (docs/flow.md, F25)."""

from dataclasses import dataclass

from latchkey.application.enrolment.own_factors import ChangeFactorsCommand, OwnFactors
from latchkey.application.enrolment.pending_totp import BegunTotp, PendingTotp
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.unit_of_work import UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginTotp:
    """Store a factor that is not confirmed. Until it is, nothing changes for the user."""

    own: OwnFactors
    pending_totp: PendingTotp
    units: UnitsOfWork
    clock: Clock

    async def __call__(self, command: ChangeFactorsCommand) -> BegunTotp:
        """Draw a new secret. An earlier one that was not confirmed is worth nothing any more.

        Raises:
            SecondFactorsDisabledError: The deployment has no secret for second factors.
            AccessTokenStaleError: The session has ended, or the user's role has changed.
            ReauthenticationRequiredError: The user has to sign in again first.
        """
        async with self.units.begin() as unit:
            found = await self.own.hold(command.by, unit)
            now = self.clock.now()
            begun = await self.pending_totp.begin(unit, found.credential.user, now)
            await unit.commit()
        return begun
