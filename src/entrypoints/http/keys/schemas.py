"""Response bodies about keys, with the members that the RFCs name."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType


class JwkBody(Struct, frozen=True, kw_only=True):
    """A public key (RFC 7517, section 4)."""

    kty: Literal["EC", "OKP", "RSA"]
    use: Literal["sig"]
    alg: Literal["ES256", "EdDSA", "RS256"]
    kid: Annotated[str, Meta(description="The key's thumbprint (RFC 7638).")]
    crv: str | UnsetType = UNSET
    x: str | UnsetType = UNSET
    y: str | UnsetType = UNSET
    n: str | UnsetType = UNSET
    e: str | UnsetType = UNSET


class JwkSetBody(Struct, frozen=True):
    """The public keys (RFC 7517, section 5)."""

    keys: list[JwkBody]


class MetadataBody(Struct, frozen=True, kw_only=True):
    """What a verifier needs to know (RFC 8414, section 2; OpenID Connect Discovery 1.0)."""

    issuer: Annotated[str, Meta(description="The claim `iss` of access tokens.")]
    jwks_uri: str
    response_types_supported: list[str]
    id_token_signing_alg_values_supported: list[str]


class EndedSessionsBody(Struct, frozen=True, rename="camel"):
    """The sessions that have ended lately, signed."""

    ended_sessions: Annotated[
        str, Meta(description="A JWT of type `ended+jwt`; its claim `sids` has the sessions' ids.")
    ]
