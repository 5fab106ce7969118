"""Examples of bodies about passkeys."""

from typing import Final

from msgspec import Struct

from latchkey.entrypoints.http.factors.passkey_options import (
    AlgorithmBody,
    CreationOptions,
    CreationOptionsBody,
    PasskeyUserBody,
    RelyingPartyBody,
    RequestOptions,
    RequestOptionsBody,
    SelectionBody,
)
from latchkey.entrypoints.http.factors.passkey_schemas import (
    AssertionResponse,
    AttestationResponse,
    NewCredential,
    PasskeyBody,
    PasskeyLoginBody,
    RequiredPasskeyBody,
    UsedCredential,
)
from latchkey.entrypoints.http.openapi.example_user import USER

_RP_ID: Final = "auth.example.com"
_HANDLE: Final = "m7xm0MbDq1rhhvJqbJUSLgq-XpxUe6xV2SBPLpXBFWQ"
_CREDENTIAL: Final = "q5x6Yb3kSjWm0rVbW8zUxA"

_NEW: Final = NewCredential(
    id=_CREDENTIAL,
    raw_id=_CREDENTIAL,
    type="public-key",
    response=AttestationResponse(
        attestation_object="o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YViU…",
        client_data="eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRl…",
        transports=["hybrid", "internal"],
    ),
)

PASSKEYS: Final[tuple[Struct, ...]] = (
    RequestOptionsBody(
        public_key=RequestOptions(
            challenge="AZ29Kpx-cBKHrmZf…",
            rp_id=_RP_ID,
            timeout=300_000,
            user_verification="required",
        )
    ),
    PasskeyLoginBody(
        credential=UsedCredential(
            id=_CREDENTIAL,
            raw_id=_CREDENTIAL,
            type="public-key",
            response=AssertionResponse(
                authenticator_data="SZYN5YgOjGh0NBcP…",
                signature="MEUCIQDHf1L8…",
                client_data="eyJ0eXBlIjoid2ViYXV0aG4uZ2V0…",
                user_handle=_HANDLE,
            ),
        )
    ),
    CreationOptionsBody(
        public_key=CreationOptions(
            rp=RelyingPartyBody(id=_RP_ID, name=_RP_ID),
            user=PasskeyUserBody(id=_HANDLE, name=USER.email, display_name=USER.name),
            challenge="AZ29Kpx-cBKHrmZf…",
            pub_key_cred_params=[AlgorithmBody("public-key", alg) for alg in (-8, -7, -257)],
            timeout=300_000,
            exclude_credentials=[],
            authenticator_selection=SelectionBody(),
            attestation="none",
        )
    ),
    PasskeyBody(credential=_NEW, name="MacBook"),
    RequiredPasskeyBody(challenge="AZJ6Vm0sTkeGmVbq…", credential=_NEW, name="MacBook"),
)
