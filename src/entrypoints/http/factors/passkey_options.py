"""What browsers are asked for about passkeys, as they read it (WebAuthn Level 3, section 5.1)."""

import base64
from typing import Annotated, Final, Literal, Self

from msgspec import Meta, Struct

from latchkey.application.enrolment.passkey_creation import BegunPasskey
from latchkey.application.sign_in.ask_passkey import AskedPasskey
from latchkey.domain.factors.passkey import Passkey
from latchkey.domain.factors.passkey_challenge import LIFETIME

_ALGORITHMS: Final = (-8, -7, -257)
_TIMEOUT: Final = int(LIFETIME.total_seconds() * 1000)

Base64Url = Annotated[str, Meta(description="base64url, without padding.", examples=["AQAB"])]
"""Bytes."""


class RelyingPartyBody(Struct, frozen=True):
    """What a passkey is bound to."""

    id: str
    name: str


class PasskeyUserBody(Struct, frozen=True, rename="camel"):
    """How a device shows the user."""

    id: Base64Url
    name: str
    display_name: str


class AlgorithmBody(Struct, frozen=True):
    """An algorithm that the service accepts."""

    type: Literal["public-key"]
    alg: Annotated[int, Meta(description="Of the IANA registry of COSE algorithms.")]


class DescriptorBody(Struct, frozen=True):
    """A passkey that the user has already."""

    type: Literal["public-key"]
    id: Base64Url
    transports: list[str]


class SelectionBody(Struct, frozen=True, rename="camel"):
    """What a device must be able to do."""

    resident_key: Literal["required"] = "required"
    require_resident_key: Literal[True] = True
    user_verification: Literal["required"] = "required"


class CreationOptions(Struct, frozen=True, rename="camel"):
    """What `PublicKeyCredential.parseCreationOptionsFromJSON` reads."""

    rp: RelyingPartyBody
    user: PasskeyUserBody
    challenge: Base64Url
    pub_key_cred_params: list[AlgorithmBody]
    timeout: int
    exclude_credentials: list[DescriptorBody]
    authenticator_selection: SelectionBody
    attestation: Literal["none"]


class CreationOptionsBody(Struct, frozen=True, rename="camel"):
    """The options of `navigator.credentials.create`."""

    public_key: CreationOptions

    @classmethod
    def of(cls, begun: BegunPasskey) -> Self:
        """Encode what a device is asked for."""
        party, user = begun.relying_party, begun.user
        return cls(
            public_key=CreationOptions(
                rp=RelyingPartyBody(id=party.id, name=party.name),
                user=PasskeyUserBody(
                    id=_encoded(begun.user_handle), name=user.email.text, display_name=user.name
                ),
                challenge=begun.challenge,
                pub_key_cred_params=[AlgorithmBody("public-key", alg) for alg in _ALGORITHMS],
                timeout=_TIMEOUT,
                exclude_credentials=[_descriptor(each) for each in begun.others],
                authenticator_selection=SelectionBody(),
                attestation="none",
            )
        )


class RequestOptions(Struct, frozen=True, rename="camel"):
    """What `PublicKeyCredential.parseRequestOptionsFromJSON` reads."""

    challenge: Base64Url
    rp_id: str
    timeout: int
    user_verification: Literal["required"]


class RequestOptionsBody(Struct, frozen=True, rename="camel"):
    """The options of `navigator.credentials.get`: for everybody the same but for the challenge."""

    public_key: RequestOptions

    @classmethod
    def of(cls, asked: AskedPasskey) -> Self:
        """Encode what a browser has to ask for."""
        return cls(
            public_key=RequestOptions(
                challenge=asked.challenge,
                rp_id=asked.relying_party.id,
                timeout=_TIMEOUT,
                user_verification="required",
            )
        )


class AcceptedPasskeysBody(Struct, frozen=True, rename="camel"):
    """The argument of `PublicKeyCredential.signalAllAcceptedCredentials`."""

    rp_id: str
    user_id: Base64Url
    all_accepted_credential_ids: list[Base64Url]

    @classmethod
    def of(cls, passkeys: tuple[Passkey, ...]) -> Self | None:
        """Encode the passkeys of a user, or return None if there are none."""
        if not passkeys:
            return None
        first = passkeys[0]
        return cls(
            rp_id=first.rp_id,
            user_id=_encoded(first.user_handle),
            all_accepted_credential_ids=[_encoded(each.credential_id) for each in passkeys],
        )


def _descriptor(passkey: Passkey) -> DescriptorBody:
    return DescriptorBody(
        type="public-key",
        id=_encoded(passkey.credential_id),
        transports=list(passkey.transports),
    )


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
