"""Add a passkey that a device has made (docs/flow.md, F30)."""

from dataclasses import dataclass
from datetime import datetime

from latchkey.application.enrolment.confirm_totp import FactorsChanged
from latchkey.application.enrolment.new_codes import NewCodes
from latchkey.application.enrolment.own_factors import ChangeFactorsCommand, OwnFactors
from latchkey.application.enrolment.passkey_creation import PasskeyCreation
from latchkey.application.mail.notices import Notices
from latchkey.application.sessions.replace_sessions import ReplaceSessions
from latchkey.application.sessions.token_pair import TokenPair
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.factors.authentication import Means
from latchkey.domain.factors.factor import FoundFactors
from latchkey.domain.factors.passkey import Passkey
from latchkey.domain.factors.passkey_verifier import Attestation
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.mail.mail import MailKind
from latchkey.domain.unit_of_work import UnitOfWork, UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPasskeyCommand(ChangeFactorsCommand):
    """Request to add a passkey.

    Attributes:
        attestation: What the browser sent.
        name: As typed.
    """

    attestation: Attestation
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPasskey:
    """Store a passkey, end all sessions, and open one with two factors: all or nothing."""

    own: OwnFactors
    creation: PasskeyCreation
    new_codes: NewCodes
    units: UnitsOfWork
    replace_sessions: ReplaceSessions
    notices: Notices
    clock: Clock

    async def __call__(self, command: AddPasskeyCommand) -> FactorsChanged:
        """Add the passkey. The first factor comes with recovery codes.

        Raises:
            PasskeysDisabledError: There is no host name to bind a passkey to.
            SecondFactorsDisabledError: The deployment has no secret for second factors.
            InvalidInputError: The name or what the browser sent is invalid.
            ChallengeInvalidError: The service has not asked this user for it, or it has expired.
            AccessTokenStaleError: The session has ended, or the user's role has changed.
            ReauthenticationRequiredError: The user has to sign in again first.
            PasskeyKnownError: Somebody has this passkey already.
            TooManyPasskeysError: The user has as many as one can have.
            StorageUnavailableError: It is unknown whether the passkey was added; sign in again.
        """
        self.creation.policy.check()
        by, now = command.by, self.clock.now()
        self.own.check(by, has_second_factor=False)
        passkey = self.creation.checked(by.id, command.attestation, command.name, now)
        async with self.units.begin() as unit:
            found = await self.own.hold(by, unit)
            await self.creation.add(unit, by.id, passkey)
            codes = () if found.has_factor else await self.new_codes(unit, by.id)
            tokens = await self._replace_sessions(unit, found, passkey, command, now)
            user = found.credential.user
            await self.notices.write(unit, MailKind.PASSKEY_ADDED, user, now)
            await unit.commit()
        return FactorsChanged(tokens=tokens, codes=codes)

    async def _replace_sessions(
        self,
        unit: UnitOfWork,
        found: FoundFactors,
        passkey: Passkey,
        command: AddPasskeyCommand,
        now: datetime,
    ) -> TokenPair:
        means = Means.of_passkey(is_synced=passkey.is_synced)
        cause = command.event(AuditAction.SECOND_FACTOR_ADDED, now, factor="passkey")
        return await self.replace_sessions(unit, command.session(found, means, now), now, cause)
