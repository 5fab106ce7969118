"""Access tokens: what is in one, how it is sent, and how its absence or fault is answered."""

from datetime import timedelta

import pytest

from contract.flow.deployments import Forger
from contract.flow.expectations import assert_is_id, assert_problem
from contract.flow.fixtures import Deploy
from contract.flow.jwt_anatomy import Anatomy, encode
from contract.flow.visitor import SignedIn, Visitor
from latchkey.testing.frozen_clock import FrozenClock

pytestmark = pytest.mark.anyio

PROTECTED = [
    ("GET", "/api/auth/me"),
    ("GET", "/api/orders"),
    ("GET", "/api/admin/users"),
    ("POST", "/api/admin/users"),
]
CLAIMS = {"sub", "email", "role", "iat", "exp", "iss", "aud", "jti", "sid"}
PLAIN, INVALID = 'Bearer realm="', 'error="invalid_token"'


@pytest.mark.step("A1")
@pytest.mark.requirement("AT-4", "AT-13")
async def test_a_token_says_what_it_promises_and_nothing_else(
    visitor: Visitor, somebody: SignedIn
) -> None:
    anatomy = Anatomy.of(somebody.access)
    me = (await visitor.me(somebody.access)).json()

    header, claims = anatomy.header_members, anatomy.claims

    assert set(header) == {"alg", "typ", "kid"}
    assert (header["alg"], header["typ"]) == ("HS256", "at+jwt")
    assert set(claims) == CLAIMS
    assert (claims["sub"], claims["email"], claims["role"]) == (me["id"], me["email"], "USER")
    assert type(claims["iat"]) is int
    assert type(claims["exp"]) is int
    assert isinstance(claims["iss"], str)
    assert_is_id(claims["sid"])
    assert_is_id(claims["jti"])


@pytest.mark.step("A1")
async def test_expires_in_is_the_tokens_lifetime_and_at_most_an_hour(
    visitor: Visitor, somebody: SignedIn
) -> None:
    answer = await visitor.login(somebody.account.credentials)

    claims = Anatomy.of(answer.json()["accessToken"]).claims
    assert answer.json()["expiresIn"] == claims["exp"] - claims["iat"]
    assert 0 < answer.json()["expiresIn"] <= 3600


@pytest.mark.step("A1")
async def test_a_tokens_signature_is_made_with_the_configured_secret(
    somebody: SignedIn, forger: Forger
) -> None:
    signing_input, _, signature = somebody.access.rpartition(".")

    assert encode(forger.sign(signing_input.encode())) == signature


@pytest.mark.step("A1", "A6")
@pytest.mark.requirement("AT-7", "AT-8", "AT-20")
async def test_a_token_is_good_for_a_quarter_of_an_hour_and_no_longer(
    visitor: Visitor, somebody: SignedIn, clock: FrozenClock
) -> None:
    clock.move(timedelta(minutes=14, seconds=50))
    before = await visitor.orders(somebody.access)
    clock.move(timedelta(seconds=20))
    after = await visitor.orders(somebody.access)

    assert before.status_code == 200
    assert_problem(after, 401, "access_token_invalid")


@pytest.mark.step("A7")
async def test_after_a_change_of_keys_an_older_token_is_as_good(deploy: Deploy) -> None:
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

    assert accepted.status_code == 200
    assert_problem(refused, 401, "access_token_invalid")


@pytest.mark.step("A4", "K16")
@pytest.mark.requirement("AZ-1", "AZ-2", "AT-16")
@pytest.mark.parametrize(("method", "path"), PROTECTED)
async def test_no_token_is_told_from_a_wrong_one(visitor: Visitor, method: str, path: str) -> None:
    missing = await visitor.http.request(method, path)
    wrong = await visitor.http.request(method, path, headers={"Authorization": "Bearer nonsense"})

    assert_problem(missing, 401, "access_token_missing")
    assert missing.headers["www-authenticate"].startswith(PLAIN)
    assert "error" not in missing.headers["www-authenticate"]
    assert_problem(wrong, 401, "access_token_invalid")
    assert wrong.headers["www-authenticate"].startswith(PLAIN)
    assert INVALID in wrong.headers["www-authenticate"]


@pytest.mark.step("A4")
async def test_another_scheme_is_no_token(visitor: Visitor) -> None:
    answer = await visitor.http.get("/api/auth/me", headers={"Authorization": "Basic YTpi"})

    assert_problem(answer, 401, "access_token_missing")


@pytest.mark.step("A3", "A4")
@pytest.mark.requirement("AT-15")
@pytest.mark.parametrize("second", ["", "Basic YTpi", "Bearer nonsense", None])
async def test_two_authorization_headers_are_a_bad_request(
    visitor: Visitor, somebody: SignedIn, second: str | None
) -> None:
    right = somebody.bearer["Authorization"]
    both = [("Authorization", right), ("Authorization", right if second is None else second)]

    answers = [
        await visitor.http.get("/api/auth/me", headers=headers) for headers in (both, both[::-1])
    ]

    for answer in answers:
        assert_problem(answer, 400, "invalid_request")


@pytest.mark.step("A3")
@pytest.mark.requirement("AT-15")
@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
async def test_the_scheme_may_be_in_any_case(
    visitor: Visitor, somebody: SignedIn, scheme: str
) -> None:
    answer = await visitor.http.get(
        "/api/auth/me", headers={"Authorization": f"{scheme} {somebody.access}"}
    )

    assert answer.status_code == 200


@pytest.mark.step("A3", "C6")
@pytest.mark.requirement("AT-15")
async def test_a_token_anywhere_else_is_none(visitor: Visitor, somebody: SignedIn) -> None:
    token = somebody.access

    answers = [
        await visitor.http.get("/api/auth/me", params={"access_token": token}),
        await visitor.http.get("/api/auth/me", headers={"Cookie": f"access_token={token}"}),
        await visitor.http.get("/api/auth/me", headers={"Cookie": f"refresh_token={token}"}),
        await visitor.http.get("/api/auth/me", headers={"X-Access-Token": token}),
        await visitor.http.request("GET", "/api/auth/me", data={"access_token": token}),
    ]

    for answer in answers:
        assert_problem(answer, 401, "access_token_missing")


@pytest.mark.step("A4", "U1")
@pytest.mark.requirement("AZ-2", "AT-16")
@pytest.mark.parametrize(("method", "path"), PROTECTED[2:])
async def test_a_role_that_does_not_suffice_is_told_from_a_wrong_token(
    visitor: Visitor, somebody: SignedIn, method: str, path: str
) -> None:
    answer = await visitor.http.request(method, path, headers=somebody.bearer)

    assert_problem(answer, 403, "insufficient_role")
    assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]
