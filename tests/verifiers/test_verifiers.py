"""Each verifier in docs/verifying.md accepts a good token, and refuses every other."""

import hmac
import json
import time
from collections.abc import Callable
from typing import Final

import httpx
import pytest

from latchkey.adapters.keys import PrivateKey
from latchkey.adapters.keys.p256_key import P256Key
from latchkey.testing.flow.jwt_anatomy import Anatomy, encode
from verifiers.conftest import Issuer

ORDERS: Final = "/orders"


def _get(verifier: httpx.Client, token: str) -> httpx.Response:
    return verifier.get(ORDERS, headers={"Authorization": f"Bearer {token}"})


def _signed(token: Anatomy, key: PrivateKey) -> str:
    return f"{token.signing_input}.{encode(key.sign(token.signing_input.encode()))}"


def _with_claims(**claims: object) -> Callable[[Issuer], str]:
    return lambda issuer: _signed(Anatomy.of(issuer.token).with_claims(**claims), issuer.key)


def _with_header(**members: object) -> Callable[[Issuer], str]:
    return lambda issuer: _signed(Anatomy.of(issuer.token).with_header(**members), issuer.key)


def _hmaced(secret: Callable[[P256Key], bytes], **header: object) -> Callable[[Issuer], str]:
    """Have the text of the public key be a secret (RFC 8725, section 2.1)."""

    def forged(issuer: Issuer) -> str:
        token = Anatomy.of(issuer.token).with_header(alg="HS256", **header)
        signature = hmac.digest(secret(issuer.key), token.signing_input.encode(), "sha256")
        return f"{token.signing_input}.{encode(signature)}"

    return forged


def _of_a_stranger(issuer: Issuer, **header: object) -> str:
    return _signed(Anatomy.of(issuer.token).with_header(**header), P256Key.generate())


def _changed(at: int) -> Callable[[Issuer], str]:
    def changed(issuer: Issuer) -> str:
        place = at % len(issuer.token)
        other = "A" if issuer.token[place] != "A" else "B"
        return f"{issuer.token[:place]}{other}{issuer.token[place + 1 :]}"

    return changed


def _unsigned(issuer: Issuer) -> str:
    return f"{Anatomy.of(issuer.token).with_header(alg='none').signing_input}."


FAULTS: Final[dict[str, Callable[[Issuer], str]]] = {
    "expired": _with_claims(iat=int(time.time()) - 960, exp=int(time.time()) - 60),
    "without an expiry": _with_claims(exp=None),
    "for another audience": _with_claims(aud="billing"),
    "for the issuer itself": lambda issuer: issuer.own,
    "for no audience": _with_claims(aud=None),
    "of another issuer": _with_claims(iss="https://elsewhere.example.com"),
    "of no issuer": _with_claims(iss=None),
    "of type JWT": _with_header(typ="JWT"),
    "of the type of a list of ended sessions": _with_header(typ="ended+jwt"),
    "of no type": _with_header(typ=None),
    "of an unknown key": lambda issuer: _of_a_stranger(issuer, kid="unknown"),
    "of another key under a known name": _of_a_stranger,
    "unsigned": _unsigned,
    "with an empty signature": lambda issuer: issuer.token.rpartition(".")[0] + ".",
    "HMACed with the PEM": _hmaced(lambda key: key.verifying.pem),
    "HMACed with the JWK": _hmaced(lambda key: json.dumps(key.verifying.listed).encode()),
    "HMACed with its name": _hmaced(lambda key: key.verifying.kid.encode()),
    "HMACed, without a name": _hmaced(lambda key: key.verifying.pem, kid=None),
    "with a changed payload": lambda issuer: _changed(issuer.token.index(".") + 9)(issuer),
    "with a changed role": lambda issuer: Anatomy.of(issuer.token).with_claims(role="X").token,
    "with a changed signature": _changed(-20),
    "no token": lambda _: "x",
}


def test_a_good_token_is_accepted(verifier: httpx.Client, issuer: Issuer) -> None:
    answer = _get(verifier, issuer.token)

    assert answer.status_code == 200
    assert Anatomy.of(issuer.token).claims["sub"] in answer.text


def test_a_token_of_the_next_key_is_accepted(verifier: httpx.Client, issuer: Issuer) -> None:
    following = issuer.following
    header = Anatomy.of(issuer.token).with_header(kid=following.verifying.kid)

    answer = _get(verifier, _signed(header, following))

    assert answer.status_code == 200


@pytest.mark.requirement("AT-17")
@pytest.mark.parametrize("fault", FAULTS)
def test_a_token_with_a_fault_is_refused(
    verifier: httpx.Client, issuer: Issuer, fault: str
) -> None:
    answer = _get(verifier, FAULTS[fault](issuer))

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_request_without_a_token_is_refused(verifier: httpx.Client) -> None:
    answer = verifier.get(ORDERS, headers={"X-User": "forged"})

    assert answer.status_code == 401
