"""Begin to add a passkey (docs/flow.md, F26)."""

from dataclasses import dataclass

from latchkey.application.enrolment.own_factors import ChangeFactorsCommand, OwnFactors
from latchkey.application.enrolment.passkey_creation import BegunPasskey, PasskeyCreation
from latchkey.domain.factors.passkey import PasskeyRepository
from latchkey.domain.kernel.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginPasskey:
    """Make the challenge of a new passkey. Nothing is stored."""

    own: OwnFactors
    passkeys: PasskeyRepository
    creation: PasskeyCreation
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
        self.creation.policy.check()
        by = command.by
        credential = (await self.own.read(by)).credential
        self.own.check(by, has_second_factor=credential.has_second_factor)
        others = await self.passkeys.of_user(by.id)
        return self.creation.begin(credential.user, others, self.clock.now())
