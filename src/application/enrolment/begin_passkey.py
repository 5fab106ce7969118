"""Begin to add a passkey (docs/flow.md, F26)."""

from dataclasses import dataclass

from latchkey.application.enrolment.own_factors import ChangeFactorsCommand, OwnFactors
from latchkey.domain.accounts.user import User
from latchkey.domain.factors.errors import (
    PasskeysDisabledError,
    SecondFactorsDisabledError,
    TooManyPasskeysError,
)
from latchkey.domain.factors.passkey import MOST, Passkey, PasskeyRepository, RelyingParty
from latchkey.domain.factors.passkey_challenge import CreationChallenge, PasskeyChallengeCodec
from latchkey.domain.kernel.clock import Clock


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
class BeginPasskey:
    """Make the challenge of a new passkey. Nothing is stored."""

    own: OwnFactors
    passkeys: PasskeyRepository
    codec: PasskeyChallengeCodec
    policy: PasskeyPolicy
    clock: Clock

    async def __call__(self, command: ChangeFactorsCommand) -> BegunPasskey:
        """Return what the browser has to ask for.

        Raises:
            PasskeysDisabledError: There is no host name to bind a passkey to.
            SecondFactorsDisabledError: The deployment has no secret for second factors.
            AccessTokenStaleError: The session has ended, or the user's role has changed.
            ReauthenticationRequiredError: The user has to sign in again first.
            TooManyPasskeysError: The user has as many as one can have.
        """
        relying_party, by = self.policy.check(), command.by
        found = await self.own.read(by)
        credential = found.credential
        self.own.check(by, has_second_factor=credential.has_second_factor)
        others = await self.passkeys.of_user(by.id)
        if len(others) >= MOST:
            raise TooManyPasskeysError
        handle = others[0].user_handle if others else None
        challenge = CreationChallenge.begin(by.id, handle, self.clock.now())
        return BegunPasskey(
            relying_party=relying_party,
            user=credential.user,
            user_handle=challenge.user_handle,
            challenge=self.codec.encode_creation(challenge),
            others=others,
        )
