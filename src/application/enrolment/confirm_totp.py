"""Confirm an authenticator app with a code from it (docs/flow.md, F29)."""

from dataclasses import dataclass, field

from latchkey.application.enrolment.new_codes import NewCodes
from latchkey.application.enrolment.own_factors import ChangeFactorsCommand, OwnFactors
from latchkey.application.enrolment.pending_totp import PendingTotp
from latchkey.application.factors.attempts import FactorAttempts
from latchkey.application.mail.notices import Notices
from latchkey.application.sessions.replace_sessions import ReplaceSessions
from latchkey.application.sessions.token_pair import TokenPair
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.factors.authentication import Level, Means, SecondMethod
from latchkey.domain.factors.factor import FactorId
from latchkey.domain.factors.recovery_code import RecoveryCode
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.mail.mail import MailKind
from latchkey.domain.sessions.access_token import Principal
from latchkey.domain.unit_of_work import UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmTotpCommand(ChangeFactorsCommand):
    """Request to confirm a factor.

    Attributes:
        factor_id: That of the factor, which need not exist.
        typed: A code from the app, as typed.
    """

    factor_id: FactorId
    typed: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorsChanged:
    """The tokens of the session that replaces all others, and what the user has to keep.

    Attributes:
        codes: New recovery codes, which are told once; none if the earlier ones stay good.
    """

    tokens: TokenPair
    codes: tuple[RecoveryCode, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmTotp:
    """Confirm a factor, end all sessions, and open one with two factors: all or nothing."""

    own: OwnFactors
    attempts: FactorAttempts
    pending_totp: PendingTotp
    new_codes: NewCodes
    units: UnitsOfWork
    replace_sessions: ReplaceSessions
    notices: Notices
    clock: Clock

    async def __call__(self, command: ConfirmTotpCommand) -> FactorsChanged:
        """Confirm the factor, in place of the one that the user had.

        Raises:
            AccessTokenStaleError: The session has ended, or the user's role has changed.
            ReauthenticationRequiredError: The user has to sign in again first.
            TooManyAttemptsError: Too many codes for this account. The code was not checked.
            FactorNotFoundError: There is no such factor that is not confirmed.
            InvalidInputError: The code is wrong.
            StorageUnavailableError: It is unknown whether the factor was confirmed; sign in again.
        """
        self.own.check(command.by, has_second_factor=False)  # before an attempt is counted
        await self.own.read(command.by)
        async with self.attempts.counted(command.by.id), self.units.begin() as unit:
            now = self.clock.now()
            found = await self.own.hold(command.by, unit)
            failed = command.event(AuditAction.SECOND_FACTOR_FAILED, now, factor=SecondMethod.TOTP)
            await self.pending_totp.confirm(
                unit, found, command.factor_id, command.typed, failed=failed
            )
            codes = () if found.has_factor else await self.new_codes(unit, command.by.id)
            session = command.session(found, _means(command.by), now)
            cause = command.event(AuditAction.SECOND_FACTOR_ADDED, now)
            tokens = await self.replace_sessions(unit, session, now, cause)
            user = found.credential.user
            await self.notices.write(unit, MailKind.SECOND_FACTOR_ADDED, user, now)
            await unit.commit()
        return FactorsChanged(tokens=tokens, codes=codes)


def _means(by: Principal) -> Means:
    """Return what was proven: two factors before stay what they are, and a code adds a second."""
    return by.means if by.means.level is Level.TWO_FACTORS else Means.PASSWORD_AND_CODE
