"""Add the passkey that a role requires, before there is a session (docs/flow.md, Y15)."""

from dataclasses import dataclass
from datetime import datetime

from latchkey.application.enrolment.new_codes import NewCodes
from latchkey.application.enrolment.passkey_creation import BegunPasskey, PasskeyCreation
from latchkey.application.mail.notices import Notices
from latchkey.application.sign_in.complete_login import ChallengeCommand, CompleteLogin
from latchkey.application.sign_in.required_factor import AskedToEnrol, EnrolledLoggedIn
from latchkey.domain.accounts.user import User
from latchkey.domain.audit.event import AuditAction, RequestSource, event
from latchkey.domain.factors.authentication import Authentication
from latchkey.domain.factors.passkey_verifier import Attestation
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.mail.mail import MailKind
from latchkey.domain.unit_of_work import UnitOfWork, UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class AddRequiredPasskeyCommand(ChallengeCommand):
    """Request to add a passkey, and to log in with it.

    Attributes:
        attestation: What the browser sent.
        name: As typed.
    """

    attestation: Attestation
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginRequiredPasskey:
    """Make the challenge of a new passkey for a client that holds that of a login."""

    asked: AskedToEnrol
    creation: PasskeyCreation
    units: UnitsOfWork
    clock: Clock

    async def __call__(self, challenge: str) -> BegunPasskey:
        """Return what the browser has to ask for. Nothing is stored.

        Raises:
            PasskeysDisabledError: There is no host name to bind a passkey to.
            SecondFactorsDisabledError: The deployment has no secret for second factors.
            ChallengeInvalidError: The service has not issued the challenge, or it has expired or
                does not ask for this.
        """
        now = self.clock.now()
        pending = self.asked.codec.decode(challenge, now)
        async with self.units.begin() as unit:
            found = await self.asked.find(unit, pending)
        return self.creation.begin(found.credential.user, (), now)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddRequiredPasskey:
    """Store a passkey for a client that holds a challenge, and open a session: all or nothing.

    No code is tried, so no attempt is counted.
    """

    asked: AskedToEnrol
    creation: PasskeyCreation
    new_codes: NewCodes
    complete: CompleteLogin
    units: UnitsOfWork
    notices: Notices
    clock: Clock

    async def __call__(self, command: AddRequiredPasskeyCommand) -> EnrolledLoggedIn:
        """Add the passkey and open a session with two factors.

        Raises:
            PasskeysDisabledError: There is no host name to bind a passkey to.
            SecondFactorsDisabledError: The deployment has no secret for second factors.
            ChallengeInvalidError: The service has not issued the challenge, or it has expired or
                does not ask for this; or the passkey was made for another challenge.
            InvalidInputError: The name or what the browser sent is invalid.
            PasskeyKnownError: Somebody has this passkey already.
            StorageUnavailableError: It is unknown whether the passkey was added; log in again.
        """
        now = self.clock.now()
        pending = self.asked.codec.decode(command.challenge, now)
        user_id = pending.user_id
        passkey = self.creation.checked(user_id, command.attestation, command.name, now)
        async with self.units.begin() as unit:
            found = await self.asked.find(unit, pending)
            await self.creation.add(unit, user_id, passkey)
            codes = await self.new_codes(unit, user_id)
            await self._note(unit, found.credential.user, command.source, now)
            proof = Authentication.by_passkey(is_synced=passkey.is_synced)
            opened = await self.complete.open(unit, found, proof, command)
            await unit.commit()
        logged_in = await self.complete.succeeded(user_id, opened)
        return EnrolledLoggedIn(
            tokens=logged_in.tokens, user=logged_in.user, device=logged_in.device, codes=codes
        )

    async def _note(
        self, unit: UnitOfWork, user: User, source: RequestSource, now: datetime
    ) -> None:
        added = AuditAction.SECOND_FACTOR_ADDED
        await unit.audit.append(event(added, now, source, user_id=user.id, factor="passkey"))
        await self.notices.write(unit, MailKind.PASSKEY_ADDED, user, now)
