"""Authenticator apps that are not confirmed yet."""

from dataclasses import dataclass, field
from datetime import datetime

from latchkey.domain.accounts.user import User
from latchkey.domain.audit.event import AuditEvent
from latchkey.domain.factors.enrolment_uri import base32_of, enrolment_uri
from latchkey.domain.factors.errors import FactorNotFoundError, SecondFactorsDisabledError
from latchkey.domain.factors.factor import FactorId, FoundFactors, TotpFactor
from latchkey.domain.factors.factor_keys import FactorKeys
from latchkey.domain.factors.totp import accepted_step
from latchkey.domain.kernel.errors import InvalidInputError, Violation
from latchkey.domain.unit_of_work import UnitOfWork


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
class PendingTotp:
    """Begins and confirms factors within a unit of work, which the caller commits.

    Attributes:
        issuer: Names the service in the app.
    """

    keys: FactorKeys
    issuer: str

    async def begin(self, unit: UnitOfWork, user: User, now: datetime) -> BegunTotp:
        """Store a factor with a new secret, in place of one that was not confirmed.

        Raises:
            SecondFactorsDisabledError: The deployment has no secret for second factors.
        """
        factor = TotpFactor.begin(self.keys.new_seed(), now)
        secret = self.keys.totp_secret(user.id, factor.seed)
        if secret is None:
            raise SecondFactorsDisabledError
        await unit.factors.enrol(user.id, factor)
        uri = enrolment_uri(secret, issuer=self.issuer, account=user.email.text)
        return BegunTotp(id=factor.id, secret=base32_of(secret), uri=uri)

    async def confirm(
        self,
        unit: UnitOfWork,
        found: FoundFactors,
        factor_id: FactorId,
        typed: str,
        *,
        failed: AuditEvent,
    ) -> None:
        """Confirm a factor with a code of its app.

        A wrong code is noted like one at a login, and the unit of work then committed. So nothing
        may have been changed in it before.

        Args:
            unit: Where the factor is confirmed.
            found: The user's factors.
            factor_id: That of the factor, which need not exist.
            typed: The code, as typed; may be any text.
            failed: What is noted of a wrong code; the code is judged at its time.

        Raises:
            FactorNotFoundError: There is no such factor that is not confirmed.
            InvalidInputError: The code is wrong.
        """
        pending, user_id = found.pending, found.credential.user.id
        secret = self.keys.totp_secret(user_id, pending.seed) if pending else None
        if pending is None or secret is None or pending.id != factor_id:
            raise FactorNotFoundError
        step = accepted_step(secret, typed, failed.at, None)
        if step is None:
            await unit.audit.append(failed)
            await unit.commit()
            raise InvalidInputError(Violation("code", "must be the code that the app shows now"))
        await unit.factors.confirm(user_id, pending.id, step)
