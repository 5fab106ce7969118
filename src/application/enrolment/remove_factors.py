"""Remove the second factors of the signed-in user (docs/flow.md, F28)."""

from dataclasses import dataclass

from latchkey.application.enrolment.confirm_totp import FactorsChanged
from latchkey.application.enrolment.own_factors import ChangeFactorsCommand, OwnFactors
from latchkey.application.mail.notices import Notices
from latchkey.application.sessions.replace_sessions import ReplaceSessions
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.factors.authentication import Means
from latchkey.domain.factors.errors import FactorNotFoundError, LastFactorError
from latchkey.domain.factors.requirement import FactorRequirement
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.mail.mail import MailKind
from latchkey.domain.unit_of_work import UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveFactors:
    """Remove all factors, end all sessions, and open one with one factor: all or nothing.

    The new session stays as old as the client's: nothing was proven again.
    """

    own: OwnFactors
    requirement: FactorRequirement
    units: UnitsOfWork
    replace_sessions: ReplaceSessions
    notices: Notices
    clock: Clock

    async def __call__(self, command: ChangeFactorsCommand) -> FactorsChanged:
        """Remove app, passkeys and recovery codes. From then on, the password is enough.

        Raises:
            AccessTokenStaleError: The session has ended, or the user's role has changed.
            ReauthenticationRequiredError: The user has to sign in again first.
            LastFactorError: The user's role requires a second factor.
            FactorNotFoundError: The user has no second factor.
            StorageUnavailableError: It is unknown whether they were removed; sign in again.
        """
        by, now = command.by, self.clock.now()
        async with self.units.begin() as unit:
            found = await self.own.hold(by, unit)
            if self.requirement.is_for(found.credential.user.role):
                raise LastFactorError
            if not await unit.factors.remove(by.id):
                raise FactorNotFoundError
            session = command.session(found, Means.PASSWORD, by.signed_in_at)
            cause = command.event(AuditAction.SECOND_FACTORS_REMOVED, now)
            tokens = await self.replace_sessions(unit, session, now, cause)
            user = found.credential.user
            await self.notices.write(unit, MailKind.SECOND_FACTORS_REMOVED, user, now)
            await unit.commit()
        return FactorsChanged(tokens=tokens)
