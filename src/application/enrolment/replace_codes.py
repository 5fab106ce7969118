"""Replace the recovery codes of the signed-in user (docs/flow.md, F27)."""

from dataclasses import dataclass

from latchkey.application.enrolment.confirm_totp import FactorsChanged
from latchkey.application.enrolment.new_codes import NewCodes
from latchkey.application.enrolment.own_factors import ChangeFactorsCommand, OwnFactors
from latchkey.application.mail.notices import Notices
from latchkey.application.sessions.replace_sessions import ReplaceSessions
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.mail.mail import MailKind
from latchkey.domain.unit_of_work import UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceCodes:
    """Replace all recovery codes, end all sessions, and open a new one: all or nothing.

    The new session stays as old as the client's: nothing was proven again.
    """

    own: OwnFactors
    new_codes: NewCodes
    units: UnitsOfWork
    replace_sessions: ReplaceSessions
    notices: Notices
    clock: Clock

    async def __call__(self, command: ChangeFactorsCommand) -> FactorsChanged:
        """Draw new codes. The earlier ones are worth nothing any more.

        Raises:
            AccessTokenStaleError: The session has ended, or the user's role has changed.
            ReauthenticationRequiredError: The user has to sign in again first.
            SecondFactorsDisabledError: The deployment has no secret for second factors.
            FactorNotFoundError: The user has no second factor.
            StorageUnavailableError: It is unknown whether the codes were replaced; do it again.
        """
        by, now = command.by, self.clock.now()
        async with self.units.begin() as unit:
            found = await self.own.hold(by, unit)
            codes = await self.new_codes(unit, by.id)
            session = command.session(found, by.means, by.signed_in_at)
            cause = command.event(AuditAction.RECOVERY_CODES_REPLACED, now)
            tokens = await self.replace_sessions(unit, session, now, cause)
            user = found.credential.user
            await self.notices.write(unit, MailKind.RECOVERY_CODES_REPLACED, user, now)
            await unit.commit()
        return FactorsChanged(tokens=tokens, codes=codes)
