"""`latchkey keys check`: what verifiers would say of a deployment."""

from typing import Any, Final

import pytest

from latchkey.adapters.keys.key import PublicKey
from latchkey.adapters.keys.key_pairs import PRIVATE
from latchkey.entrypoints.cli.published_keys import Answer, examine, of_jwks, of_metadata

BASE: Final = "https://auth.example.com"
KEPT: Final = {"cache-control": "public, max-age=300", "etag": '"tag"'}
UNTAGGED: Final = {"cache-control": "max-age=300"}
PATH: Final = "/.well-known/openid-configuration"


def new_key(alg: str) -> PublicKey:
    """Return a key whose id does not begin with a hyphen, as one in 64 does."""
    while (key := PRIVATE[alg].generate().verifying).kid.startswith("-"):
        pass
    return key


KEYS: Final = {alg: new_key(alg) for alg in PRIVATE}
ES256: Final = {**KEYS["ES256"].jwk, "alg": "ES256", "kid": KEYS["ES256"].kid, "use": "sig"}
METADATA: Final = {
    "issuer": BASE,
    "jwks_uri": f"{BASE}/.well-known/jwks.json",
    "id_token_signing_alg_values_supported": ["ES256"],
}


def listed(*keys: dict[str, Any], **headers: str) -> Answer:
    return Answer(status=200, headers={**KEPT, **headers}, members={"keys": [*keys]})


def grades(answer: Answer) -> list[str]:
    return [grade for grade, _ in of_jwks(answer)]


def about(answer: Answer) -> str:
    return "\n".join(text for grade, text in of_jwks(answer) if grade != "ok")


@pytest.mark.parametrize("alg", ["ES256", "RS256"])
def test_a_good_list_has_nothing_to_complain_about(alg: str) -> None:
    key = KEYS[alg]

    answer = listed({**key.jwk, "alg": alg, "kid": key.kid, "use": "sig"})

    assert grades(answer) == ["ok", "ok"]


def test_what_some_verifiers_do_not_know_is_a_warning() -> None:
    key = KEYS["EdDSA"]

    answer = listed({**key.jwk, "alg": "EdDSA", "kid": key.kid, "use": "sig"})

    assert grades(answer) == ["warning", "ok", "ok"]
    assert "HAProxy" in about(answer)


WRONG: Final[dict[str, tuple[Answer, str]]] = {
    "no set": (Answer(status=200, headers=KEPT, members=None), "is not a JWK Set"),
    "a list": (Answer(status=200, headers=KEPT, members={"keys": [1]}), "is not a JWK Set"),
    "404": (Answer(status=404, headers={}, members=None), "is not a JWK Set (status 404)"),
    "no key": (listed(), "has no key"),
    "private": (listed({**ES256, "d": "AAAA"}), "key 1: has the private member `d`"),
    "symmetric": (listed({"kty": "oct", "k": "AAAA"}), "key 1: has the private member `k`"),
    "empty oct": (listed({"kty": "oct"}), "key 1: is symmetric"),
    "no alg": (listed({n: v for n, v in ES256.items() if n != "alg"}), "key 1: has no `alg`"),
    "Ed25519": (listed({**ES256, "alg": "Ed25519"}), "key 1: has no `alg`, or another"),
    "another curve": (listed({**ES256, "crv": "P-384"}), "key 1: has a `crv`"),
    "beside the curve": (listed({**ES256, "y": ES256["x"]}), "key 1: is not a point"),
    "padded": (listed({**ES256, "x": ES256["x"] + "="}), "key 1: has a `x` that is not base64url"),
    "for encryption": (listed({**ES256, "use": "enc"}), "key 1: `use` is not sig"),
    "twice": (listed(ES256, ES256), "has two keys with one `kid`"),
    "no-store": (listed(ES256, **{"cache-control": "no-store"}), "has no `max-age`"),
    "no header": (listed(ES256, **{"cache-control": ""}), "has no `max-age`"),
}


@pytest.mark.parametrize(("answer", "text"), WRONG.values(), ids=WRONG.keys())
def test_what_verifiers_cannot_use_is_an_error(answer: Answer, text: str) -> None:
    assert "error" in grades(answer)
    assert text in about(answer)


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (listed({**ES256, "kid": "2026"}), "its `kid` is not its thumbprint"),
        (listed({**ES256, "kid": "-x"}), "begins with a hyphen"),
        (listed(ES256, **{"cache-control": "max-age=86400"}), "`max-age` is 86400 s"),
        (listed(ES256, **{"cache-control": "max-age=1"}), "`max-age` is 1 s"),
        (
            Answer(status=200, headers={"cache-control": "max-age=300"}, members={"keys": [ES256]}),
            "ETag",
        ),
    ],
)
def test_what_is_unwise_is_a_warning(answer: Answer, text: str) -> None:
    assert "error" not in grades(answer)
    assert text in about(answer)


def metadata(**changes: object) -> list[tuple[str, str]]:
    answer = Answer(status=200, headers=KEPT, members={**METADATA, **changes})
    return [*of_metadata(PATH, BASE, answer, listed(ES256))]


def test_metadata_that_lead_to_the_list_are_good() -> None:
    assert [grade for grade, _ in metadata()] == ["ok"]
    assert [grade for grade, _ in metadata(issuer=f"{BASE}/")] == ["ok"]


@pytest.mark.parametrize(
    ("changes", "grade", "text"),
    [
        ({"issuer": "https://evil.example"}, "error", "not where it was fetched"),
        ({"issuer": None}, "error", "not where it was fetched"),
        ({"jwks_uri": f"{BASE}/keys"}, "warning", "another list"),
        ({"id_token_signing_alg_values_supported": ["RS256"]}, "error", "the algorithm of each"),
        ({"id_token_signing_alg_values_supported": None}, "error", "the algorithm of each"),
    ],
)
def test_metadata_that_mislead_are_named(changes: dict[str, object], grade: str, text: str) -> None:
    found = metadata(**changes)

    assert [each for each, line in found if text in line] == [grade]


def test_missing_metadata_are_a_warning() -> None:
    missing = Answer(status=404, headers={}, members=None)

    [(grade, text)] = of_metadata(PATH, BASE, missing, listed(ES256))

    assert (grade, "is missing" in text) == ("warning", True)


@pytest.mark.parametrize("url", ["auth.example.com", "https://a.example/path", "file:///etc", ""])
def test_what_is_no_address_is_named(url: str) -> None:
    [(grade, text)] = examine(url)

    assert (grade, "must be the address of a deployment" in text) == ("error", True)


def test_a_deployment_that_does_not_answer_is_named() -> None:
    [(grade, text)] = examine("http://127.0.0.1:1")

    assert (grade, "does not answer" in text) == ("error", True)
