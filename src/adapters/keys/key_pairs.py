"""The kinds of key pairs, by algorithm. The first is the default."""

from collections.abc import Mapping
from typing import Final

from latchkey.adapters.keys.ed25519_key import Ed25519Key, Ed25519PublicKey
from latchkey.adapters.keys.jwk import Jwk, JwkError
from latchkey.adapters.keys.key import PublicKey
from latchkey.adapters.keys.p256_key import P256Key, P256PublicKey
from latchkey.adapters.keys.rsa_key import RsaKey, RsaPublicKey

PRIVATE: Final[Mapping[str, type[P256Key | Ed25519Key | RsaKey]]] = {
    "ES256": P256Key,
    "EdDSA": Ed25519Key,
    "RS256": RsaKey,
}
_PUBLIC: Final[Mapping[str, type[P256PublicKey | Ed25519PublicKey | RsaPublicKey]]] = {
    "ES256": P256PublicKey,
    "EdDSA": Ed25519PublicKey,
    "RS256": RsaPublicKey,
}


def public_key_of(jwk: Jwk) -> PublicKey:
    """Return the key of a public JWK, as others publish it.

    Raises:
        JwkError: It is not such a key.
    """
    alg = jwk.get("alg")
    if not isinstance(alg, str) or alg not in _PUBLIC:
        raise JwkError(f"has no `alg`, or another than {', '.join(_PUBLIC)}")
    key = _PUBLIC[alg].of(jwk)
    for name, value in key.jwk.items():
        if jwk.get(name) != value:
            raise JwkError(f"has a `{name}` that does not belong to it")
    return key
