"""Signatures that no published key has made: all get the same response."""

import base64
import hashlib
import hmac
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from latchkey.adapters.keys.key_set import ALWAYS
from latchkey.testing.flow.expectations import assert_problem, assert_status
from latchkey.testing.flow.fixtures import Deploy
from latchkey.testing.flow.forgeries import UNSIGNED, Unsigned
from latchkey.testing.flow.issuers import key_file, new_key
from latchkey.testing.flow.jwt_anatomy import Anatomy, encode
from latchkey.testing.flow.published_keys import MEMBERS, PublishedKey, published_keys
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

SPELLINGS = {name: forgery for name, forgery in UNSIGNED.items() if name != "role promoted"}
"""What is done to a token without its key; its holder here is an administrator already."""


def _texts(key: PublishedKey) -> list[bytes]:
    """Return everything that an attacker can take for an HMAC key."""
    pem = key.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    der = key.public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    jwk = {name: key.members[name] for name in sorted(MEMBERS[key.alg])}
    longest = max((key.members[name] for name in ("x", "n") if name in key.members), key=len)
    return [
        pem,
        pem.rstrip(b"\n"),
        der,
        json.dumps(key.members).encode(),
        json.dumps(key.members, separators=(",", ":")).encode(),
        json.dumps(jwk, separators=(",", ":")).encode(),
        key.kid.encode(),
        longest.encode(),
        base64.urlsafe_b64decode(longest + "=" * (-len(longest) % 4)),
        b"",
    ]


async def _assert_refused(verifier: Visitor, tokens: list[str]) -> None:
    for token in tokens:
        answer = await verifier.orders(token)

        assert_problem(answer, 401, "access_token_invalid")


@pytest.mark.promise("J8")
@pytest.mark.requirement("AT-1", "AT-19")
async def test_a_published_key_is_no_secret(verifier: Visitor, issued: SignedIn) -> None:
    genuine = Anatomy.of(issued.access).with_claims(role="ADMIN")
    keys = await published_keys(verifier.http)

    forgeries = []
    for key in keys:
        for text in _texts(key):
            for algorithm in ("HS256", key.alg):
                forged = genuine.with_header(alg=algorithm, kid=key.kid)
                mac = hmac.digest(text, forged.signing_input.encode(), hashlib.sha256)
                forgeries.append(f"{forged.signing_input}.{encode(mac)}")

    await _assert_refused(verifier, forgeries)


@pytest.mark.promise("J8")
@pytest.mark.requirement("AT-1", "AT-19")
async def test_a_right_signature_under_another_header_is_refused(deploy: Deploy) -> None:
    key, other = new_key(), new_key()
    deployment = await deploy(JWT_KEYS=key_file((key, ALWAYS), (other, ALWAYS.replace(year=2100))))
    assert deployment.admin is not None
    async with deployment.client() as http:
        visitor = Visitor(http=http)
        genuine = Anatomy.of((await visitor.sign_in(deployment.admin)).access)
        changes: list[dict[str, object]] = [
            {"kid": other.verifying.kid},
            {"kid": None},
            {"alg": "EdDSA"},
            {"alg": "none"},
            {"alg": "HS256"},
            {"typ": "JWT"},
            {"typ": "ended+jwt"},
            {"typ": None},
        ]
        forged = [genuine.with_header(**change) for change in changes]

        signed = [
            f"{each.signing_input}.{encode(key.sign(each.signing_input.encode()))}"
            for each in (genuine, *forged)
        ]

        assert_status(await visitor.orders(signed[0]), 200)
        await _assert_refused(visitor, signed[1:])


@pytest.mark.promise("J9")
@pytest.mark.requirement("AT-9")
async def test_an_es256_signature_has_one_spelling(verifier: Visitor, issued: SignedIn) -> None:
    genuine = Anatomy.of(issued.access)
    if genuine.header_members["alg"] != "ES256":
        pytest.skip("needs a deployment that signs with ES256")
    r, s = int.from_bytes(genuine.signature[:32]), int.from_bytes(genuine.signature[32:])
    signing_input = issued.access.rpartition(".")[0]
    others = [
        r.to_bytes(32) + (ORDER - s).to_bytes(32),
        encode_dss_signature(r, s),
        b"\0" + genuine.signature,
        genuine.signature[:-1],
        bytes(64),
        ORDER.to_bytes(32) + s.to_bytes(32),
        r.to_bytes(32) + ORDER.to_bytes(32),
        b"\xff" * 64,
        b"",
    ]

    assert 0 < s <= ORDER // 2
    assert_status(await verifier.orders(issued.access), 200)
    await _assert_refused(verifier, [f"{signing_input}.{encode(each)}" for each in others])


@pytest.mark.promise("J9", "A2")
@pytest.mark.requirement("AT-9")
@pytest.mark.parametrize("forgery", SPELLINGS.values(), ids=SPELLINGS.keys())
async def test_a_token_of_a_published_key_has_one_spelling(
    verifier: Visitor, issued: SignedIn, forgery: Unsigned
) -> None:
    token = forgery(issued.access)

    answer = await verifier.http.get(
        "/api/orders", headers={b"Authorization": f"Bearer {token}".rstrip().encode()}
    )

    assert_problem(answer, 401, "access_token_invalid")
