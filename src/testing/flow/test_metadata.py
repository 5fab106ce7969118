"""What an issuer says about itself (RFC 8414)."""

import pytest

from latchkey.adapters.keys.key_set import ALWAYS
from latchkey.testing.flow.deployments import Deployment
from latchkey.testing.flow.expectations import assert_problem, assert_status, json_object
from latchkey.testing.flow.fixtures import Deploy
from latchkey.testing.flow.issuers import key_file, new_key
from latchkey.testing.flow.jwt_anatomy import Anatomy
from latchkey.testing.flow.published_keys import JWKS, published_keys
from latchkey.testing.flow.visitor import JsonObject, SignedIn, Visitor

pytestmark = pytest.mark.anyio

PATHS = ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"]


async def _metadata(verifier: Visitor, path: str = PATHS[0], **headers: str) -> JsonObject:
    answer = await verifier.http.get(path, headers=headers)
    if answer.status_code == 404:
        pytest.skip("needs an issuer that is an address (JWT_ISSUER)")
    assert_status(answer, 200)
    return json_object(answer)


@pytest.mark.promise("J12", "F13")
@pytest.mark.parametrize("path", PATHS)
async def test_the_metadata_states_nothing_that_is_not_true(verifier: Visitor, path: str) -> None:
    metadata = await _metadata(verifier, path)
    keys = await published_keys(verifier.http)

    assert metadata == {
        "issuer": metadata["issuer"],
        "jwks_uri": metadata["issuer"].rstrip("/") + JWKS,
        "id_token_signing_alg_values_supported": list(dict.fromkeys(key.alg for key in keys)),
        "response_types_supported": [],
    }


@pytest.mark.promise("J12", "J11")
async def test_the_metadata_leads_to_the_keys(verifier: Visitor) -> None:
    metadata = await _metadata(verifier)

    linked = await verifier.http.get(metadata["jwks_uri"])

    assert_status(linked, 200)
    assert linked.content == (await verifier.http.get(JWKS)).content


@pytest.mark.promise("J11", "F13")
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"},
        {"X-Forwarded-Port": "8443", "Forwarded": "host=evil.example;proto=https"},
    ],
    ids=["plain", "forwarded", "forwarded otherwise"],
)
async def test_the_issuer_is_the_claim_and_the_address(
    issuer: Deployment, verifier: Visitor, issued: SignedIn, headers: dict[str, str]
) -> None:
    metadata = await _metadata(verifier, **headers)

    assert metadata["issuer"] == Anatomy.of(issued.access).claims["iss"]
    assert metadata["issuer"].rstrip("/") == issuer.base_url


@pytest.mark.promise("J11")
async def test_no_host_changes_the_issuer(verifier: Visitor) -> None:
    usual = await _metadata(verifier)

    other = await verifier.http.get(PATHS[0], headers={"Host": "evil.example"})

    if other.status_code != 400:
        assert_status(other, 200)
        assert json_object(other) == usual


@pytest.mark.promise("J11", "F13")
@pytest.mark.parametrize("name", ["latchkey", "http://latchkey.example/path", "urn:latchkey"])
async def test_an_issuer_that_is_no_address_has_keys_and_no_metadata(
    deploy: Deploy, name: str
) -> None:
    keys = key_file((new_key(), ALWAYS))
    deployment = await deploy(has_admin=False, JWT_KEYS=keys, JWT_ISSUER=name)
    async with deployment.client() as http:
        listed = await http.get(JWKS)
        answers = [await http.get(path) for path in PATHS]

    assert_status(listed, 200)
    for answer in answers:
        assert_problem(answer, 404, "not_found")
