"""Passkeys that a device is asked to make."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from latchkey.domain.accounts.user import User, UserId
from latchkey.domain.factors.errors import (
    ChallengeEndedError,
    PasskeyInvalidError,
    PasskeyKnownError,
    PasskeysDisabledError,
    SecondFactorsDisabledError,
    TooManyPasskeysError,
)
from latchkey.domain.factors.passkey import (
    MOST,
    NewPasskey,
    Passkey,
    RelyingParty,
    passkey_name,
)
from latchkey.domain.factors.passkey_challenge import CreationChallenge, PasskeyChallengeCodec
from latchkey.domain.factors.passkey_verifier import Attestation, PasskeyVerifier
from latchkey.domain.kernel.errors import InvalidInputError, Violation
from latchkey.domain.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunPasskey:
    """What a device is asked for.

    Attributes:
        challenge: What it has to sign, URL-safe characters.
        user_handle: What it is to know the user by.
        others: The user's passkeys, on whose devices no other is made.
    """

    relying_party: RelyingParty
    user: User
    user_handle: bytes
    challenge: str
    others: tuple[Passkey, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyPolicy:
    """Whether passkeys can be added here.

    Attributes:
        relying_party: None if there is no host name to bind them to.
        has_codes: Whether the deployment has a secret for recovery codes.
    """

    relying_party: RelyingParty | None
    has_codes: bool

    def check(self) -> RelyingParty:
        """Return what a new passkey is bound to.

        Raises:
            PasskeysDisabledError: Nothing.
            SecondFactorsDisabledError: There could be no recovery codes.
        """
        if self.relying_party is None:
            raise PasskeysDisabledError
        if not self.has_codes:
            raise SecondFactorsDisabledError
        return self.relying_party


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyCreation:
    """Begins and checks passkeys, and stores them within a unit of work of the caller."""

    policy: PasskeyPolicy
    codec: PasskeyChallengeCodec
    verifier: PasskeyVerifier

    def begin(self, user: User, others: Sequence[Passkey], now: datetime) -> BegunPasskey:
        """Return what the browser has to ask for. Nothing is stored.

        Args:
            user: Whose passkey it is to be.
            others: The user's passkeys.
            now: The time of issue, aware UTC.

        Raises:
            PasskeysDisabledError: There is no host name to bind a passkey to.
            SecondFactorsDisabledError: The deployment has no secret for second factors.
            TooManyPasskeysError: The user has as many as one can have.
        """
        relying_party = self.policy.check()
        if len(others) >= MOST:
            raise TooManyPasskeysError
        handle = others[0].user_handle if others else None
        challenge = CreationChallenge.begin(user.id, handle, now)
        return BegunPasskey(
            relying_party=relying_party,
            user=user,
            user_handle=challenge.user_handle,
            challenge=self.codec.encode_creation(challenge),
            others=tuple(others),
        )

    def checked(
        self, user_id: UserId, attestation: Attestation, name: str, now: datetime
    ) -> Passkey:
        """Return a passkey that a device has made for a user.

        Args:
            user_id: Whose passkey it is to be.
            attestation: What the browser sent.
            name: As typed.
            now: The time at which the challenge must not have expired, aware UTC.

        Raises:
            PasskeysDisabledError: There is no host name to bind a passkey to.
            SecondFactorsDisabledError: The deployment has no secret for second factors.
            InvalidInputError: The name or what the browser sent is invalid.
            ChallengeInvalidError: The service has not asked this user for it, or it has expired.
        """
        relying_party, accepted = self.policy.check(), passkey_name(name)
        new = self._verified(attestation)
        encoded = self.verifier.challenge_of(attestation.client_data)
        challenge = self.codec.decode_creation(encoded, now)
        if challenge.user_id != user_id:
            raise ChallengeEndedError
        return Passkey.of(
            new,
            user_handle=challenge.user_handle,
            rp_id=relying_party.id,
            name=accepted,
            transports=attestation.transports,
            now=now,
        )

    def _verified(self, attestation: Attestation) -> NewPasskey:
        try:
            return self.verifier.created(attestation)
        except PasskeyInvalidError:
            fault = "must be what the browser returned for these options, of this page"
            raise InvalidInputError(Violation("credential", fault)) from None

    async def add(self, unit: UnitOfWork, user_id: UserId, passkey: Passkey) -> None:
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
