"""Ask for any passkey (docs/flow.md, F21 and Y11)."""

from dataclasses import dataclass

from latchkey.domain.factors.errors import PasskeysDisabledError
from latchkey.domain.factors.passkey import RelyingParty
from latchkey.domain.factors.passkey_challenge import PasskeyChallengeCodec
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.kernel.identifier import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPasskey:
    """What a browser has to ask for. It names nobody.

    Attributes:
        challenge: What the passkey has to sign, URL-safe characters.
    """

    relying_party: RelyingParty
    challenge: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPasskey:
    """Makes the challenge of a sign-in. Nothing is stored or read.

    Attributes:
        relying_party: None if there is no host name to bind passkeys to.
    """

    relying_party: RelyingParty | None
    codec: PasskeyChallengeCodec
    clock: Clock

    def __call__(self) -> AskedPasskey:
        """Return the same for everybody, but for the challenge.

        Raises:
            PasskeysDisabledError: There is no host name to bind passkeys to.
        """
        if self.relying_party is None:
            raise PasskeysDisabledError
        challenge = self.codec.encode_request(new_id(self.clock.now()))
        return AskedPasskey(relying_party=self.relying_party, challenge=challenge)
