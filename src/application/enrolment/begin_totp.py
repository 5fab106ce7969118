"""Begin to add an authenticator app (docs/flow.md, F25)."""

from dataclasses import dataclass, field

from latchkey.application.enrolment.own_factors import ChangeFactorsCommand, OwnFactors
from latchkey.domain.factors.enrolment_uri import base32_of, enrolment_uri
from latchkey.domain.factors.errors import SecondFactorsDisabledError
from latchkey.domain.factors.factor import FactorId, TotpFactor
from latchkey.domain.factors.factor_keys import FactorKeys
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.unit_of_work import UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunTotp:
    """A factor that is not confirmed yet, with its secret, which is told once.

    Attributes:
        secret: In base32, as people type it into an app.
        uri: The same for a QR code.
    """

    id: FactorId
    secret: str = field(repr=False)
    uri: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginTotp:
    """Store a factor that is not confirmed. Until it is, nothing changes for the user.

    Attributes:
        issuer: Names the service in the app.
    """

    own: OwnFactors
    keys: FactorKeys
    units: UnitsOfWork
    clock: Clock
    issuer: str

    async def __call__(self, command: ChangeFactorsCommand) -> BegunTotp:
        """Draw a new secret. An earlier one that was not confirmed is worth nothing any more.

        Raises:
            SecondFactorsDisabledError: The deployment has no secret for second factors.
            AccessTokenStaleError: The session has ended, or the user's role has changed.
            ReauthenticationRequiredError: The user has to sign in again first.
        """
        async with self.units.begin() as unit:
            found = await self.own.hold(command.by, unit)
            user = found.credential.user
            factor = TotpFactor.begin(self.keys.new_seed(), self.clock.now())
            await unit.factors.enrol(user.id, factor)
            await unit.commit()
        secret = self.keys.totp_secret(user.id, factor.seed)
        if secret is None:
            raise SecondFactorsDisabledError
        uri = enrolment_uri(secret, issuer=self.issuer, account=user.email.text)
        return BegunTotp(id=factor.id, secret=base32_of(secret), uri=uri)
