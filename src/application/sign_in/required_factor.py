"""Add the second factor that a role requires, before there is a session (docs/flow.md, Y15)."""

from dataclasses import dataclass, field
from datetime import datetime

from latchkey.application.enrolment.new_codes import NewCodes
from latchkey.application.enrolment.pending_totp import BegunTotp, PendingTotp
from latchkey.application.mail.notices import Notices
from latchkey.application.sign_in.complete_login import (
    ChallengeCommand,
    CompleteLogin,
    OpenedLogin,
)
from latchkey.application.sign_in.login_devices import DeviceLoggedIn
from latchkey.domain.audit.event import AuditAction, RequestSource, event
from latchkey.domain.factors.authentication import Authentication, SecondMethod
from latchkey.domain.factors.errors import ChallengeEndedError
from latchkey.domain.factors.factor import FactorId, FoundFactors
from latchkey.domain.factors.pending_sign_in import PendingSignIn, PendingSignInCodec
from latchkey.domain.factors.recovery_code import RecoveryCode
from latchkey.domain.factors.requirement import FactorRequirement
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.mail.mail import MailKind
from latchkey.domain.unit_of_work import UnitOfWork, UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmRequiredFactorCommand(ChallengeCommand):
    """Request to confirm a factor, and to log in with it.

    Attributes:
        factor_id: That of the factor, which need not exist.
        typed: A code from the app, as typed.
    """

    factor_id: FactorId
    typed: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolledLoggedIn(DeviceLoggedIn):
    """What a login gets, and new recovery codes, which are told once."""

    codes: tuple[RecoveryCode, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedToEnrol:
    """Finds the user whose challenge asks for a factor that there is none of."""

    codec: PendingSignInCodec
    requirement: FactorRequirement

    async def find(self, unit: UnitOfWork, pending: PendingSignIn) -> FoundFactors:
        """Return the user's factors, locked against changes until the unit of work ends.

        Raises:
            ChallengeEndedError: The user need not add a factor, or not any more.
        """
        await unit.users.lock(pending.user_id)
        found = await unit.factors.find(pending.user_id)
        if found is None or found.has_factor or not pending.is_of(found.credential):
            raise ChallengeEndedError
        user = found.credential.user
        if user.is_disabled or not self.requirement.is_for(user.role):
            raise ChallengeEndedError
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginRequiredFactor:
    """Begin to add an app for a client that holds a challenge."""

    asked: AskedToEnrol
    pending_totp: PendingTotp
    units: UnitsOfWork
    clock: Clock

    async def __call__(self, challenge: str) -> BegunTotp:
        """Draw a new secret.

        Raises:
            ChallengeInvalidError: The service has not issued the challenge, or it has expired or
                does not ask for this.
            SecondFactorsDisabledError: The deployment has no secret for second factors.
        """
        now = self.clock.now()
        pending = self.asked.codec.decode(challenge, now)
        async with self.units.begin() as unit:
            found = await self.asked.find(unit, pending)
            begun = await self.pending_totp.begin(unit, found.credential.user, now)
            await unit.commit()
        return begun


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmRequiredFactor:
    """Confirm an app for a client that holds a challenge, and open a session: all or nothing."""

    asked: AskedToEnrol
    pending_totp: PendingTotp
    new_codes: NewCodes
    complete: CompleteLogin
    units: UnitsOfWork
    notices: Notices
    clock: Clock

    async def __call__(self, command: ConfirmRequiredFactorCommand) -> EnrolledLoggedIn:
        """Confirm the factor and open a session with two factors.

        Raises:
            ChallengeInvalidError: The service has not issued the challenge, or it has expired or
                does not ask for this.
            TooManyAttemptsError: Too many codes for this account. The code was not checked.
            FactorNotFoundError: There is no such factor that is not confirmed.
            InvalidInputError: The code is wrong.
            StorageUnavailableError: It is unknown whether the factor was confirmed; log in again.
        """
        pending = self.asked.codec.decode(command.challenge, self.clock.now())
        drawn: list[RecoveryCode] = []

        async def attempt() -> OpenedLogin:
            return await self._open(pending, command, drawn)

        opened = await self.complete.counted(pending.user_id, attempt)
        return EnrolledLoggedIn(
            tokens=opened.tokens, user=opened.user, device=opened.device, codes=tuple(drawn)
        )

    async def _open(
        self,
        pending: PendingSignIn,
        command: ConfirmRequiredFactorCommand,
        drawn: list[RecoveryCode],
    ) -> OpenedLogin:
        now = self.clock.now()
        async with self.units.begin() as unit:
            found = await self.asked.find(unit, pending)
            failed = event(
                AuditAction.SECOND_FACTOR_FAILED,
                now,
                command.source,
                user_id=pending.user_id,
                factor=SecondMethod.TOTP,
            )
            await self.pending_totp.confirm(
                unit, found, command.factor_id, command.typed, failed=failed
            )
            drawn += await self.new_codes(unit, pending.user_id)
            await self._note(unit, found, command.source, now)
            proof = Authentication.by_password(SecondMethod.TOTP)
            opened = await self.complete.open(unit, found, proof, command)
            await unit.commit()
        return opened

    async def _note(
        self, unit: UnitOfWork, found: FoundFactors, source: RequestSource, now: datetime
    ) -> None:
        user = found.credential.user
        added = event(AuditAction.SECOND_FACTOR_ADDED, now, source, user_id=user.id)
        await unit.audit.append(added)
        await self.notices.write(unit, MailKind.SECOND_FACTOR_ADDED, user, now)
