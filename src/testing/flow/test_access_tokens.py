"""Access tokens: what is in one, how it is sent, and how its absence or fault is answered."""

from datetime import timedelta

import pytest

from latchkey.testing.flow.deployments import Account, Forger
from latchkey.testing.flow.expectations import (
    assert_challenge,
    assert_is_id,
    assert_problem,
    assert_status,
    json_object,
)
from latchkey.testing.flow.fixtures import Deploy
from latchkey.testing.flow.jwt_anatomy import Anatomy, encode
from latchkey.testing.flow.visitor import SignedIn, Visitor
from latchkey.testing.frozen_clock import FrozenClock

pytestmark = pytest.mark.anyio

PROTECTED = [
    ("GET", "/api/auth/me"),
    ("GET", "/api/orders"),
    ("GET", "/api/admin/users"),
    ("POST", "/api/admin/users"),
]
CLAIMS = {"sub", "email", "role", "iat", "exp", "iss", "aud", "jti", "sid"}
ADDED = {"client_id", "auth_time", "acr", "amr", "mac"}  # where keys are published


@pytest.mark.promise("A1")
@pytest.mark.requirement("AT-13")
async def test_an_access_token_names_its_user_and_role(visitor: Visitor, reader: SignedIn) -> None:
    me = await visitor.me(reader.access)

    claims, user = Anatomy.of(reader.access).claims, json_object(me)

    assert (claims["sub"], claims["email"], claims["role"]) == (user["id"], user["email"], "USER")
    assert type(claims["iat"]) is int
    assert type(claims["exp"]) is int


@pytest.mark.promise("A8")
@pytest.mark.requirement("AT-4")
async def test_an_access_token_has_exactly_the_documented_header_and_claims(
    reader: SignedIn,
) -> None:
    anatomy = Anatomy.of(reader.access)

    header, claims = anatomy.header_members, anatomy.claims

    assert set(header) == {"alg", "typ", "kid"}
    assert header["alg"] in {"HS256", "ES256", "EdDSA", "RS256"}
    assert header["typ"] == "at+jwt"
    assert set(claims) == CLAIMS | (set() if header["alg"] == "HS256" else ADDED)
    assert isinstance(claims["iss"], str)
    assert_is_id(claims["sid"])
    assert_is_id(claims["jti"])


@pytest.mark.promise("A1")
async def test_expires_in_is_the_lifetime_of_the_token_and_at_most_an_hour(
    visitor: Visitor, resident: Account
) -> None:
    answer = await visitor.login(resident.credentials)

    claims = Anatomy.of(answer.json()["accessToken"]).claims
    assert answer.json()["expiresIn"] == claims["exp"] - claims["iat"]
    assert 0 < answer.json()["expiresIn"] <= 3600


@pytest.mark.promise("A8")
async def test_a_token_is_signed_with_hs256_and_the_configured_secret(
    reader: SignedIn, forger: Forger
) -> None:
    signing_input, _, last_segment = reader.access.rpartition(".")

    assert Anatomy.of(reader.access).header_members["alg"] == "HS256"
    assert encode(forger.sign(signing_input.encode())) == last_segment


@pytest.mark.promise("A1", "A6")
@pytest.mark.requirement("AT-7", "AT-8", "AT-20")
async def test_an_access_token_is_valid_for_15_minutes(
    visitor: Visitor, somebody: SignedIn, clock: FrozenClock
) -> None:
    clock.move(timedelta(minutes=14, seconds=50))
    before = await visitor.orders(somebody.access)
    clock.move(timedelta(seconds=20))
    after = await visitor.orders(somebody.access)

    assert_status(before, 200)
    assert_problem(after, 401, "access_token_invalid")


@pytest.mark.promise("A7")
async def test_a_token_signed_with_an_older_key_of_the_list_is_accepted(deploy: Deploy) -> None:
    old, new = "the-older-secret-7e1c90b25d84f36a", "the-newer-secret-41fa6c0d97b2e85b"
    before = await deploy(JWT_SECRET=f"{old},{new}", REFRESH_SECRET=f"{old}-r,{new}-r")
    assert before.admin is not None
    async with before.client() as http:
        token = (await Visitor(http=http).sign_in(before.admin)).access
    after = await deploy(JWT_SECRET=f"{new},{old}", REFRESH_SECRET=f"{new}-r,{old}-r")
    dropped = await deploy(JWT_SECRET=new, REFRESH_SECRET=f"{new}-r")

    async with after.client() as http, dropped.client() as other_http:
        accepted = await Visitor(http=http).orders(token)
        refused = await Visitor(http=other_http).orders(token)

    assert_status(accepted, 200)
    assert_problem(refused, 401, "access_token_invalid")


@pytest.mark.promise("A4", "K16")
@pytest.mark.requirement("AZ-1", "AZ-2", "AT-16")
@pytest.mark.parametrize(("method", "path"), PROTECTED)
async def test_a_missing_token_and_an_invalid_one_get_different_errors(
    visitor: Visitor, method: str, path: str
) -> None:
    missing = await visitor.http.request(method, path)
    wrong = await visitor.http.request(method, path, headers={"Authorization": "Bearer nonsense"})

    assert_problem(missing, 401, "access_token_missing")
    assert_challenge(missing)
    assert "error" not in missing.headers["www-authenticate"]
    assert_problem(wrong, 401, "access_token_invalid")
    assert_challenge(wrong, error="invalid_token")


@pytest.mark.promise("A4")
async def test_another_authorization_scheme_counts_as_a_missing_token(visitor: Visitor) -> None:
    answer = await visitor.http.get("/api/auth/me", headers={"Authorization": "Basic YTpi"})

    assert_problem(answer, 401, "access_token_missing")


@pytest.mark.promise("A4", "A3")
@pytest.mark.requirement("AT-15")
@pytest.mark.parametrize("second", ["", "Basic YTpi", "Bearer nonsense", None])
async def test_two_authorization_headers_are_a_bad_request(
    visitor: Visitor, reader: SignedIn, second: str | None
) -> None:
    right = reader.bearer["Authorization"]
    both = [("Authorization", right), ("Authorization", right if second is None else second)]

    answers = [
        await visitor.http.get("/api/auth/me", headers=headers) for headers in (both, both[::-1])
    ]

    for answer in answers:
        assert_problem(answer, 400, "invalid_request")


@pytest.mark.promise("A3")
@pytest.mark.requirement("AT-15")
@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
async def test_the_scheme_may_be_in_any_case(
    visitor: Visitor, reader: SignedIn, scheme: str
) -> None:
    answer = await visitor.http.get(
        "/api/auth/me", headers={"Authorization": f"{scheme} {reader.access}"}
    )

    assert_status(answer, 200)


@pytest.mark.promise("A3", "C6")
@pytest.mark.requirement("AT-15")
async def test_a_token_outside_the_authorization_header_is_ignored(
    visitor: Visitor, reader: SignedIn
) -> None:
    token = reader.access

    in_query = await visitor.http.get("/api/auth/me", params={"access_token": token})
    answers = [
        await visitor.http.get("/api/auth/me", headers={"Cookie": f"access_token={token}"}),
        await visitor.http.get("/api/auth/me", headers=visitor.cookie(token)),
        await visitor.http.get("/api/auth/me", headers={"X-Access-Token": token}),
        await visitor.http.request("GET", "/api/auth/me", data={"access_token": token}),
    ]

    assert_status(in_query, 401, 414)  # a long one is too long for a query
    for answer in answers:
        assert_problem(answer, 401, "access_token_missing")


@pytest.mark.promise("A4", "U1")
@pytest.mark.requirement("AZ-2", "AT-16")
@pytest.mark.parametrize(("method", "path"), PROTECTED[2:])
async def test_an_insufficient_role_gets_403_and_says_so(
    visitor: Visitor, reader: SignedIn, method: str, path: str
) -> None:
    answer = await visitor.http.request(method, path, headers=reader.bearer)

    assert_problem(answer, 403, "insufficient_role")
    assert_challenge(answer, error="insufficient_scope")
