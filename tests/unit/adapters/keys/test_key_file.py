"""The file with the private keys: what it must be, and what is said of one that is not."""

import json
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from latchkey.adapters.keys import PrivateKey
from latchkey.adapters.keys.jwk import base64url, unsigned
from latchkey.adapters.keys.key_file import ScheduledKey, faults_of, read, write
from latchkey.adapters.keys.key_pairs import PRIVATE
from latchkey.adapters.keys.key_set import ALWAYS

KEYS: Final = {alg: kind.generate() for alg, kind in PRIVATE.items()}
NOON: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)


def jwk_of(key: PrivateKey, **changes: object) -> dict[str, Any]:
    """Return a key of the file with some members changed; None takes one away."""
    members = {**ScheduledKey(key=key, signs_from=ALWAYS).jwk(), **changes}
    return {name: value for name, value in members.items() if value is not None}


def short_rsa() -> dict[str, Any]:
    numbers = rsa.generate_private_key(65_537, 1024).private_numbers()  # noqa: S505 - too short
    public = numbers.public_numbers
    values = {
        "n": public.n,
        "e": public.e,
        "d": numbers.d,
        "p": numbers.p,
        "q": numbers.q,
        "dp": numbers.dmp1,
        "dq": numbers.dmq1,
        "qi": numbers.iqmp,
    }
    return {"kty": "RSA", "alg": "RS256", **{n: unsigned(v) for n, v in values.items()}}


@pytest.mark.parametrize("alg", PRIVATE)
def test_what_is_written_is_read_again(alg: str) -> None:
    keys = [
        ScheduledKey(key=KEYS[alg], signs_from=ALWAYS),
        ScheduledKey(key=KEYS["EdDSA" if alg == "ES256" else "ES256"], signs_from=NOON),
    ]

    text = write(keys)
    found = [ScheduledKey.of(jwk) for jwk in read(text)]

    assert list(faults_of(read(text))) == []
    assert [each.signs_from for each in found] == [ALWAYS, NOON]
    assert [each.key.verifying.kid for each in found] == [each.key.verifying.kid for each in keys]
    assert found[0].key.verifying.verify(b"message", keys[0].key.sign(b"message"))


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"keys": {}}', '{"keys": [1]}', "null"])
def test_what_is_no_jwk_set_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"JWK Set|Expecting"):
        read(text)


@pytest.mark.parametrize("text", ['{"keys": [], "keys": []}', '{"keys": [], "more": 1}'])
def test_a_member_twice_or_too_many_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"twice|JWK Set"):
        read(text)


ES256: Final = KEYS["ES256"]
WRONG: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "no alg": (jwk_of(ES256, alg=None), "has no `alg`"),
    "another alg": (jwk_of(ES256, alg="ES384"), "has no `alg`, or another"),
    "alg of another kind": (jwk_of(ES256, alg="RS256"), "has no `e`"),
    "alg a list": (jwk_of(ES256, alg=["ES256"]), "has no `alg`"),
    "public": (jwk_of(ES256, d=None), "has no private part"),
    "symmetric": ({"kty": "oct", "k": "AAAA", "alg": "HS256"}, "is symmetric"),
    "short": (short_rsa(), "has 1024 bits"),
    "another kid": (jwk_of(ES256, kid="another"), "has a `kid` that does not belong"),
    "another x": (jwk_of(ES256, x=base64url(b"x" * 32)), "has a `x` that does not belong"),
    "no y": (jwk_of(ES256, y=None), "has a `y` that does not belong"),
    "another curve": (jwk_of(ES256, crv="P-384"), "has a `crv` that does not belong"),
    "for encryption": (jwk_of(ES256, use="enc"), "has a `use` that does not belong"),
    "d padded": (jwk_of(ES256, d=jwk_of(ES256)["d"] + "="), "has a `d` that is not base64url"),
    "d short": (jwk_of(ES256, d="AAAA"), "has another `d` than one of 32 bytes"),
    "d zero": (jwk_of(ES256, d=base64url(bytes(32))), "has a `d` that is out of range"),
    "d of all ones": (jwk_of(ES256, d=base64url(b"\xff" * 32)), "has a `d` that is out of range"),
    "a misspelt start": (
        jwk_of(ES256, signFrom="2026-03-01T12:00:00Z"),
        "has a member that is not known",
    ),
    "a start without a zone": (jwk_of(ES256, signsFrom="2026-03-01T12:00:00"), "`signsFrom` that"),
    "a start in another zone": (
        jwk_of(ES256, signsFrom="2026-03-01T12:00:00+01:00"),
        "`signsFrom` that",
    ),
    "no such day": (jwk_of(ES256, signsFrom="2026-02-30T12:00:00Z"), "`signsFrom` that"),
    "a start in seconds": (jwk_of(ES256, signsFrom=1_772_366_400), "`signsFrom` that"),
    "numbers of two keys": (
        jwk_of(KEYS["RS256"], qi="AQAB"),
        "has numbers that do not belong together",
    ),
}


@pytest.mark.requirement("AT-2", "ER-6")
@pytest.mark.parametrize(("jwk", "phrase"), WRONG.values(), ids=WRONG.keys())
def test_a_key_that_cannot_be_used_is_told_in_one_phrase(jwk: dict[str, Any], phrase: str) -> None:
    (fault,) = faults_of([jwk])

    assert fault.startswith("key 1 of 1 ")
    assert phrase in fault
    private = [jwk.get(name, "") for name in ("d", "p", "q", "dp", "dq", "qi")]
    secrets = [value for value in private if len(value) > 4]
    assert [secret for secret in secrets if secret in fault] == []


def test_each_wrong_key_has_its_phrase() -> None:
    faults = list(faults_of([jwk_of(ES256), WRONG["public"][0], WRONG["short"][0]]))

    assert [fault[:10] for fault in faults] == ["key 2 of 3", "key 3 of 3"]


def test_a_file_without_a_key_is_refused() -> None:
    assert list(faults_of(read('{"keys": []}'))) == ["contains no key"]


def test_a_key_twice_is_refused() -> None:
    twice = [jwk_of(ES256), jwk_of(ES256, signsFrom="2026-03-01T12:00:00Z")]

    assert list(faults_of(twice)) == ["contains a key twice"]


def test_two_keys_that_start_at_once_are_refused() -> None:
    faults = list(faults_of([jwk_of(ES256), jwk_of(KEYS["EdDSA"])]))

    assert faults == ["contains two keys with the same `signsFrom`"]


def test_a_key_of_another_curve_is_no_es256_key() -> None:
    other = ec.generate_private_key(ec.SECP384R1()).private_numbers()
    jwk = {"kty": "EC", "crv": "P-384", "alg": "ES256"}
    jwk |= {"d": base64url(other.private_value.to_bytes(48))}

    (fault,) = faults_of([jwk])

    assert "has another `d` than one of 32 bytes" in fault


def test_the_file_is_json_that_people_can_read() -> None:
    text = write([ScheduledKey(key=ES256, signs_from=NOON)])

    assert list(json.loads(text)["keys"][0])[:3] == ["kid", "alg", "signsFrom"]
    assert text.count("\n") > 5
