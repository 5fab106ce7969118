"""Remove a passkey of the signed-in user (docs/flow.md, F31)."""

from dataclasses import dataclass

from latchkey.application.enrolment.confirm_totp import FactorsChanged
from latchkey.application.enrolment.own_factors import ChangeFactorsCommand, OwnFactors
from latchkey.application.mail.notices import Notices
from latchkey.application.sessions.replace_sessions import ReplaceSessions
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.factors.authentication import Means
from latchkey.domain.factors.errors import FactorNotFoundError, LastFactorError
from latchkey.domain.factors.factor import FactorId, FoundFactors
from latchkey.domain.factors.requirement import FactorRequirement
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.mail.mail import MailKind
from latchkey.domain.unit_of_work import UnitOfWork, UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovePasskeyCommand(ChangeFactorsCommand):
    """Request to remove a passkey.

    Attributes:
        passkey_id: That of the passkey, which need not exist.
    """

    passkey_id: FactorId


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovePasskey:
    """Remove a passkey, end all sessions, and open a new one: all or nothing.

    The new session stays as old as the client's: nothing was proven again.
    """

    own: OwnFactors
    requirement: FactorRequirement
    units: UnitsOfWork
    replace_sessions: ReplaceSessions
    notices: Notices
    clock: Clock

    async def __call__(self, command: RemovePasskeyCommand) -> FactorsChanged:
        """Remove the passkey, and if it was the last factor, the recovery codes, too.

        Raises:
            AccessTokenStaleError: The session has ended, or the user's role has changed.
            ReauthenticationRequiredError: The user has to sign in again first.
            FactorNotFoundError: The user has no such passkey.
            LastFactorError: It is the last factor, and the user's role requires one.
            StorageUnavailableError: It is unknown whether it was removed; sign in again.
        """
        by, now = command.by, self.clock.now()
        async with self.units.begin() as unit:
            found = await self.own.hold(by, unit)
            is_last = await self._remove(unit, found, command.passkey_id)
            means = Means.PASSWORD if is_last else by.means
            session = command.session(found, means, by.signed_in_at)
            cause = command.event(AuditAction.SECOND_FACTOR_REMOVED, now, factor="passkey")
            tokens = await self.replace_sessions(unit, session, now, cause)
            user = found.credential.user
            await self.notices.write(unit, MailKind.PASSKEY_REMOVED, user, now)
            await unit.commit()
        return FactorsChanged(tokens=tokens)

    async def _remove(self, unit: UnitOfWork, found: FoundFactors, passkey_id: FactorId) -> bool:
        """Remove the passkey, and return whether it was the last factor."""
        user = found.credential.user
        others = {each.id for each in await unit.passkeys.of_user(user.id)}
        if passkey_id not in others:
            raise FactorNotFoundError
        is_last = found.totp is None and len(others) == 1
        if is_last and self.requirement.is_for(user.role):
            raise LastFactorError
        await unit.passkeys.remove(user.id, passkey_id)
        return is_last
