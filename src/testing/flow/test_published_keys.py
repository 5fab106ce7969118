"""Keys that other services verify access tokens with."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from latchkey.adapters.keys.key_set import ALWAYS
from latchkey.testing.flow.deployments import Deployment, Storage
from latchkey.testing.flow.expectations import assert_problem, assert_status, json_object
from latchkey.testing.flow.fixtures import Deploy
from latchkey.testing.flow.issuers import key_file, new_key
from latchkey.testing.flow.jwt_anatomy import Anatomy
from latchkey.testing.flow.published_keys import (
    JWKS,
    MEMBERS,
    PublishedKey,
    key_of,
    published_keys,
)
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio

PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}


@pytest.mark.promise("J1", "F12")
@pytest.mark.requirement("AT-17")
async def test_a_token_is_signed_by_the_published_key_that_it_names(
    verifier: Visitor, issued: SignedIn
) -> None:
    key = key_of(issued.access, await published_keys(verifier.http))

    assert Anatomy.of(issued.access).header_members["alg"] == key.alg
    assert key.verifies(issued.access)


@pytest.mark.promise("J1")
@pytest.mark.requirement("AT-17")
@pytest.mark.parametrize("algorithm", MEMBERS)
async def test_each_algorithm_signs_what_others_and_the_service_accept(
    deploy: Deploy, algorithm: str
) -> None:
    deployment = await deploy(JWT_KEYS=key_file((new_key(algorithm), ALWAYS)))
    assert deployment.admin is not None
    async with deployment.client() as http:
        visitor = Visitor(http=http)
        token = (await visitor.sign_in(deployment.admin)).access

        [key] = await published_keys(http)
        accepted = await visitor.me(token)

    assert (key.alg, key.verifies(token)) == (algorithm, True)
    assert_status(accepted, 200)


@pytest.mark.promise("J1")
async def test_rsa_keys_have_2048_bits_or_more(verifier: Visitor) -> None:
    keys = [key.public for key in await published_keys(verifier.http)]

    assert [key for key in keys if isinstance(key, RSAPublicKey) and key.key_size < 2048] == []


@pytest.mark.promise("J2")
@pytest.mark.requirement("AT-17")
async def test_a_kid_is_the_thumbprint_of_its_key(verifier: Visitor) -> None:
    keys = await published_keys(verifier.http)

    assert [key.kid for key in keys] == [key.thumbprint for key in keys]
    assert len({key.kid for key in keys}) == len(keys)


@pytest.mark.promise("J3", "F12")
@pytest.mark.requirement("AT-17")
async def test_a_listed_key_has_exactly_the_documented_members(verifier: Visitor) -> None:
    answer = await verifier.http.get(JWKS)
    keys = [PublishedKey(members) for members in answer.json()["keys"]]

    assert set(answer.json()) == {"keys"}
    assert keys
    for key in keys:
        expected = {"use": "sig", "alg": key.alg, "kid": key.kid, **MEMBERS[key.alg]}
        assert set(key.members) == set(expected)
        assert set(key.members) & PRIVATE == set()
        assert {n for n, value in expected.items() if value not in {None, key.members[n]}} == set()


@pytest.mark.promise("J3")
async def test_keys_that_will_sign_are_listed(verifier: Visitor, issued: SignedIn) -> None:
    keys = await published_keys(verifier.http)
    if len(keys) == 1:
        pytest.skip("needs a key that will sign")

    [signing] = [key for key in keys if key.verifies(issued.access)]

    assert signing.kid == Anatomy.of(issued.access).header_members["kid"]


@pytest.mark.promise("J4", "F12", "F13")
@pytest.mark.parametrize("path", [JWKS, "/.well-known/oauth-authorization-server"])
async def test_the_documents_may_be_kept_for_five_minutes(verifier: Visitor, path: str) -> None:
    answer = await verifier.http.get(path)
    if answer.status_code == 404:
        pytest.skip("needs an issuer that is an address (JWT_ISSUER)")
    tag = answer.headers["etag"]

    again, weakly, other = [
        await verifier.http.get(path, headers={"If-None-Match": known})
        for known in (tag, f'"another", W/{tag}', '"another"')
    ]

    assert_status(answer, 200)
    assert answer.headers["content-type"] == "application/json"
    for each in (answer, again, weakly):
        assert each.headers["cache-control"] == "public, max-age=300, stale-if-error=86400"
        assert each.headers["etag"] == answer.headers["etag"]
    assert [each.status_code for each in (again, weakly, other)] == [304, 304, 200]
    assert (again.content, other.content) == (b"", answer.content)


@pytest.mark.promise("J4")
async def test_head_returns_the_headers_of_the_list(verifier: Visitor) -> None:
    get, head = await verifier.http.get(JWKS), await verifier.http.head(JWKS)

    assert_status(head, 200)
    assert head.content == b""
    assert head.headers["etag"] == get.headers["etag"]


@pytest.mark.promise("J4", "F12", "F13")
@pytest.mark.requirement("AT-17")
async def test_keys_and_metadata_are_served_without_the_database(
    verifier: Visitor, holder: SignedIn, issuer_storage: Storage
) -> None:
    await issuer_storage.cut()
    try:
        unready = await verifier.http.get("/health/ready")
        keys = await published_keys(verifier.http)
        metadata = await verifier.http.get("/.well-known/openid-configuration")
    finally:
        await issuer_storage.mend()

    assert_status(unready, 503)
    assert key_of(holder.access, keys).verifies(holder.access)
    assert_status(metadata, 200)


@pytest.mark.promise("F12", "F13")
async def test_without_private_keys_nothing_is_published(deploy: Deploy) -> None:
    deployment = await deploy(has_admin=False, JWT_ISSUER="http://latchkey.example")
    async with deployment.client() as http:
        answers = [
            await http.get(path)
            for path in (
                JWKS,
                "/.well-known/oauth-authorization-server",
                "/.well-known/openid-configuration",
            )
        ]

    for answer in answers:
        assert_problem(answer, 404, "not_found")


@pytest.mark.promise("J10")
@pytest.mark.requirement("AT-6")
async def test_a_token_names_its_client_and_when_its_user_logged_in(
    issuer: Deployment, verifier: Visitor, holder: SignedIn
) -> None:
    first = Anatomy.of(holder.access).claims
    await issuer.outlast(timedelta(seconds=1.1))
    refreshed = await verifier.refresh(holder.refresh)
    second = Anatomy.of(json_object(refreshed)["accessToken"]).claims

    assert SetCookie.of(refreshed).value
    assert isinstance(first["client_id"], str)
    assert first["client_id"]
    assert type(first["auth_time"]) is int
    assert (first["acr"], first["amr"]) == ("aal1", ["pwd"])
    assert (second["acr"], second["amr"]) == ("aal1", ["pwd"])
    assert abs(first["auth_time"] - first["iat"]) <= 5
    assert (second["auth_time"], second["client_id"]) == (first["auth_time"], first["client_id"])
    assert second["iat"] > first["iat"]
