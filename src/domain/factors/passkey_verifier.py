"""The port that verifies what browsers send about passkeys."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from latchkey.domain.factors.passkey import NewPasskey, Passkey, PasskeyUse


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """What a browser sends about a new passkey; any bytes.

    Attributes:
        credential_id: The `rawId`.
        client_data: The `clientDataJSON`.
        attestation_object: CBOR.
        transports: How the device can be reached.

    Source: WebAuthn Level 3, section 5.2.1.
    """

    credential_id: bytes
    client_data: bytes = field(repr=False)
    attestation_object: bytes = field(repr=False)
    transports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """What a browser sends to sign in with a passkey; any bytes.

    Attributes:
        credential_id: The `rawId`.
        client_data: The `clientDataJSON`.
        authenticator_data: What the device has signed together with the hash of the former.
        signature: By the key of the passkey.
        user_handle: What the device knows the user by, or None if it does not tell.

    Source: WebAuthn Level 3, section 5.2.2.
    """

    credential_id: bytes
    client_data: bytes = field(repr=False)
    authenticator_data: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    user_handle: bytes | None = None


class PasskeyVerifier(ABC):
    """Verifies what comes from browsers, for one relying party and its origins.

    It always requires that the device has verified the user, and refuses frames of other origins.
    That the challenge is a genuine one is for the caller to check.
    """

    @abstractmethod
    def challenge_of(self, client_data: bytes) -> str:
        """Return the challenge that was answered, as text. Nothing is verified.

        Raises:
            PasskeyInvalidError: There is none.
        """

    @abstractmethod
    def created(self, attestation: Attestation) -> NewPasskey:
        """Verify what a browser sends about a new passkey.

        Where the device comes from is not judged: any attestation statement is ignored.

        Raises:
            PasskeyInvalidError: It does not hold.

        Source: WebAuthn Level 3, section 7.1.
        """

    @abstractmethod
    def used(self, passkey: Passkey, assertion: Assertion) -> PasskeyUse:
        """Verify a signature by a passkey. The counter is not judged.

        Raises:
            PasskeyInvalidError: It does not hold.

        Source: WebAuthn Level 3, section 7.2.
        """
