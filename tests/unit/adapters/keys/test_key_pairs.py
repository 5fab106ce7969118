"""Key pairs of every kind: the promises of all keys, and what is known of each algorithm."""

import base64
from typing import Final

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from hypothesis import given
from hypothesis import strategies as st

from latchkey.adapters.keys import PrivateKey
from latchkey.adapters.keys.jwk import JwkError
from latchkey.adapters.keys.key_pairs import PRIVATE, public_key_of
from latchkey.adapters.keys.p256_key import P256Key
from latchkey.adapters.keys.rsa_key import RsaKey
from token_keys import ed25519
from unit.adapters.keys.suite import KeySuite

KEYS: Final = {alg: kind.generate() for alg, kind in PRIVATE.items()}
FOREIGN: Final = {alg: kind.generate() for alg, kind in PRIVATE.items()}
ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
L: Final = 2**252 + 27742317777372353535851937790883648493
EVERY: Final = pytest.mark.parametrize("key", KEYS.values(), ids=KEYS.keys())


@pytest.fixture(params=[*PRIVATE])
def alg(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def key(alg: str) -> PrivateKey:
    return KEYS[alg]


@pytest.fixture
def foreign(alg: str) -> PrivateKey:
    return FOREIGN[alg]


class TestKeyPairs(KeySuite):
    pass


@EVERY
def test_no_private_part_is_shown(key: PrivateKey) -> None:
    shown = f"{key!r} {key} {key.verifying!r}"

    assert [name for name, value in key.private_members().items() if value in shown] == []


@EVERY
def test_the_public_members_make_the_same_key_without_the_private_one(key: PrivateKey) -> None:
    public = public_key_of({**key.verifying.jwk, "alg": key.verifying.alg})

    assert (public.kid, public.jwk, public.pem) == (
        key.verifying.kid,
        key.verifying.jwk,
        key.verifying.pem,
    )
    assert public.verify(b"message", key.sign(b"message"))
    assert set(public.jwk) & set(key.private_members()) == set()


@EVERY
def test_the_pem_is_that_of_the_public_key(key: PrivateKey) -> None:
    assert load_pem_public_key(key.verifying.pem) == key.verifying.public  # type: ignore[attr-defined] # each kind has it
    assert b"PRIVATE" not in key.verifying.pem


def test_a_thumbprint_is_the_one_of_rfc_7638() -> None:
    n = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_"
        "BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_"
        "FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI"
        "4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
    )

    public = public_key_of({"kty": "RSA", "n": n, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29"})

    assert public.kid == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


def test_a_thumbprint_is_the_one_of_rfc_8037() -> None:
    key = ed25519(base64.urlsafe_b64decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="))

    assert key.verifying.jwk["x"] == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    assert key.verifying.kid == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_a_signature_with_eddsa_is_the_one_of_rfc_8037() -> None:
    key = ed25519(base64.urlsafe_b64decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="))

    signature = key.sign(b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc")

    assert base64.urlsafe_b64encode(signature).decode().startswith("hgyY0il_MGCjP0JzlnLWG1PPOt7-")


def test_a_signature_with_es256_is_verified_by_its_numbers() -> None:
    key = P256Key.generate()
    signature = key.sign(b"message")
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])

    key.verifying.public.verify(encode_dss_signature(r, s), b"message", ec.ECDSA(SHA256()))

    assert len(signature) == 64


@given(st.binary())
def test_an_es256_signature_has_one_spelling(message: bytes) -> None:
    key = KEYS["ES256"]
    assert isinstance(key, P256Key)
    signature = key.sign(message)
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])

    other = r.to_bytes(32) + (ORDER - s).to_bytes(32)

    key.verifying.public.verify(encode_dss_signature(r, ORDER - s), message, ec.ECDSA(SHA256()))
    assert key.verifying.verify(message, signature)
    assert not key.verifying.verify(message, other)


def test_der_and_numbers_out_of_range_are_no_es256_signature() -> None:
    key = KEYS["ES256"]
    signature = key.sign(b"message")
    r, s = signature[:32], signature[32:]
    zero, order, most = b"\0" * 32, ORDER.to_bytes(32), b"\xff" * 32
    wrong = [
        encode_dss_signature(int.from_bytes(r), int.from_bytes(s)),
        *(first + second for first in (r, zero, order, most) for second in (s, zero, order, most)),
        b"\0" + r + b"\0" + s,
    ]
    wrong.remove(signature)

    assert [each for each in wrong if key.verifying.verify(b"message", each)] == []


def test_an_eddsa_signature_has_one_spelling() -> None:
    key = KEYS["EdDSA"]
    signature = key.sign(b"message")

    other = (int.from_bytes(signature[32:], "little") + L).to_bytes(32, "little")

    assert not key.verifying.verify(b"message", signature[:32] + other)


def test_an_rs256_signature_has_one_spelling() -> None:
    key = KEYS["RS256"]
    assert isinstance(key, RsaKey)
    signature = key.sign(b"message")
    n = key.private.public_key().public_numbers().n

    other = (int.from_bytes(signature) + n).to_bytes(257)

    assert not key.verifying.verify(b"message", other)
    assert not key.verifying.verify(b"message", other[1:])


@pytest.mark.requirement("AT-2")
@pytest.mark.parametrize("bits", [1024, 2040])
def test_an_rsa_key_of_less_than_2048_bits_is_refused(bits: int) -> None:
    short = rsa.generate_private_key(65_537, bits)

    with pytest.raises(JwkError, match=f"has {bits} bits"):
        RsaKey.holding(short)


def test_a_point_beside_the_curve_is_no_key() -> None:
    jwk = {**KEYS["ES256"].verifying.jwk, "alg": "ES256"}

    with pytest.raises(JwkError, match="point"):
        public_key_of({**jwk, "y": jwk["x"]})


@EVERY
def test_a_foreign_library_verifies(key: PrivateKey) -> None:
    jwk = {**key.verifying.jwk, "alg": key.verifying.alg, "kid": key.verifying.kid, "use": "sig"}
    parsed = jwt.PyJWK(jwk)

    assert parsed.Algorithm.verify(b"message", parsed.key, key.sign(b"message"))
