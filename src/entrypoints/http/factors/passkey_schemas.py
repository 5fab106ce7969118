"""What browsers send about passkeys: what `PublicKeyCredential.toJSON()` returns.

Source: WebAuthn Level 3, section 5.1.
"""

import base64
import re
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct, field

from latchkey.domain.factors.passkey_verifier import Assertion, Attestation
from latchkey.domain.kernel.errors import InvalidInputError, Violation
from latchkey.entrypoints.http.accounts.schemas import Typed
from latchkey.entrypoints.http.factors.passkey_options import Base64Url

_TRANSPORTS: Final = frozenset({"ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb"})
_SPELLING: Final = re.compile("[A-Za-z0-9_-]*")

PasskeyName = Annotated[str, Meta(description="1 to 64 characters.", examples=["MacBook"])]


class AttestationResponse(Struct, frozen=True, rename="camel"):
    """The device's statement about a new passkey. Further members are ignored."""

    attestation_object: Base64Url
    client_data: Base64Url = field(name="clientDataJSON")
    transports: list[str] = []


class AssertionResponse(Struct, frozen=True, rename="camel"):
    """What the device has signed. Further members are ignored."""

    authenticator_data: Base64Url
    signature: Base64Url
    client_data: Base64Url = field(name="clientDataJSON")
    user_handle: Base64Url | None = None


class NewCredential(Struct, frozen=True, rename="camel"):
    """The `toJSON()` of a new credential."""

    id: Base64Url
    raw_id: Base64Url
    type: Literal["public-key"]
    response: AttestationResponse

    def decoded(self) -> Attestation:
        """Return its bytes.

        Raises:
            InvalidInputError: It is not base64url, or contradicts itself.
        """
        response = self.response
        return Attestation(
            credential_id=_credential_id(self.id, self.raw_id),
            client_data=_decoded(response.client_data),
            attestation_object=_decoded(response.attestation_object),
            transports=tuple(sorted(_TRANSPORTS.intersection(response.transports))),
        )


class UsedCredential(Struct, frozen=True, rename="camel"):
    """The `toJSON()` of a credential that was used."""

    id: Base64Url
    raw_id: Base64Url
    type: Literal["public-key"]
    response: AssertionResponse

    def decoded(self) -> Assertion:
        """Return its bytes.

        Raises:
            InvalidInputError: It is not base64url, or contradicts itself.
        """
        response = self.response
        handle = response.user_handle
        return Assertion(
            credential_id=_credential_id(self.id, self.raw_id),
            client_data=_decoded(response.client_data),
            authenticator_data=_decoded(response.authenticator_data),
            signature=_decoded(response.signature),
            user_handle=None if handle is None else _decoded(handle),
        )


class PasskeyBody(Typed, frozen=True):
    """A new passkey, and how its user names it."""

    credential: NewCredential
    name: PasskeyName


class RequiredPasskeyBody(PasskeyBody, frozen=True):
    """A challenge of a login, a new passkey, and how its user names it."""

    challenge: Annotated[
        str, Meta(description="That of the login's problem, `second_factor_required`.")
    ]


class PasskeyLoginBody(Typed, frozen=True):
    """What a passkey has signed."""

    credential: UsedCredential


def _credential_id(one: str, raw: str) -> bytes:
    if one != raw:
        raise InvalidInputError(Violation("credential", "must have the same id and rawId"))
    return _decoded(raw)


def _decoded(text: str) -> bytes:
    if not _SPELLING.fullmatch(text) or len(text) % 4 == 1:
        raise InvalidInputError(Violation("credential", "must be base64url without padding"))
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
