"""Add a passkey that a device has made (docs/flow.md, F30)."""

from dataclasses import dataclass
from datetime import datetime

from latchkey.application.enrolment.begin_passkey import PasskeyPolicy
from latchkey.application.enrolment.confirm_totp import FactorsChanged
from latchkey.application.enrolment.new_codes import NewCodes
from latchkey.application.enrolment.own_factors import ChangeFactorsCommand, OwnFactors
from latchkey.application.mail.notices import Notices
from latchkey.application.sessions.replace_sessions import ReplaceSessions
from latchkey.application.sessions.token_pair import TokenPair
from latchkey.domain.accounts.user import UserId
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.factors.authentication import Means
from latchkey.domain.factors.errors import (
    ChallengeEndedError,
    PasskeyInvalidError,
    PasskeyKnownError,
    TooManyPasskeysError,
)
from latchkey.domain.factors.factor import FoundFactors
from latchkey.domain.factors.passkey import (
    MOST,
    NewPasskey,
    Passkey,
    RelyingParty,
    passkey_name,
)
from latchkey.domain.factors.passkey_challenge import CreationChallenge, PasskeyChallengeCodec
from latchkey.domain.factors.passkey_verifier import Attestation, PasskeyVerifier
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.kernel.errors import InvalidInputError, Violation
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
    policy: PasskeyPolicy
    codec: PasskeyChallengeCodec
    verifier: PasskeyVerifier
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
        relying_party, by, now = self.policy.check(), command.by, self.clock.now()
        self.own.check(by, has_second_factor=False)
        passkey = self._passkey(command, relying_party, now)
        async with self.units.begin() as unit:
            found = await self.own.hold(by, unit)
            await _add(unit, by.id, passkey)
            codes = () if found.has_factor else await self.new_codes(unit, by.id)
            tokens = await self._replace_sessions(unit, found, passkey, command, now)
            user = found.credential.user
            await self.notices.write(unit, MailKind.PASSKEY_ADDED, user, now)
            await unit.commit()
        return FactorsChanged(tokens=tokens, codes=codes)

    def _passkey(
        self, command: AddPasskeyCommand, relying_party: RelyingParty, now: datetime
    ) -> Passkey:
        name = passkey_name(command.name)
        new = self._verified(command.attestation)
        challenge = self._challenge(command.by.id, command.attestation)
        return Passkey.of(
            new,
            user_handle=challenge.user_handle,
            rp_id=relying_party.id,
            name=name,
            transports=command.attestation.transports,
            now=now,
        )

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

    def _verified(self, attestation: Attestation) -> NewPasskey:
        try:
            return self.verifier.created(attestation)
        except PasskeyInvalidError:
            fault = "must be what the browser returned for these options, of this page"
            raise InvalidInputError(Violation("credential", fault)) from None

    def _challenge(self, user_id: UserId, attestation: Attestation) -> CreationChallenge:
        encoded = self.verifier.challenge_of(attestation.client_data)
        challenge = self.codec.decode_creation(encoded, self.clock.now())
        if challenge.user_id != user_id:
            raise ChallengeEndedError
        return challenge


async def _add(unit: UnitOfWork, user_id: UserId, passkey: Passkey) -> None:
    """Store a passkey of a user who is locked.

    Raises:
        ChallengeEndedError: Another passkey of the user has another handle by now.
        PasskeyKnownError: Somebody has this passkey already.
        TooManyPasskeysError: The user has as many as one can have.
    """
    others = await unit.passkeys.of_user(user_id)
    if len(others) >= MOST:
        raise TooManyPasskeysError
    if others and others[0].user_handle != passkey.user_handle:
        raise ChallengeEndedError
    if not await unit.passkeys.add(user_id, passkey):
        raise PasskeyKnownError
