"""Access tokens for other services."""

from datetime import timedelta

import pytest

from latchkey.testing.flow.deployments import Account, Deployment
from latchkey.testing.flow.expectations import (
    assert_invalid,
    assert_problem,
    assert_status,
    check_no_cookie,
    json_object,
    member,
)
from latchkey.testing.flow.fixtures import new_email
from latchkey.testing.flow.issuers import AUDIENCE
from latchkey.testing.flow.jwt_anatomy import Anatomy
from latchkey.testing.flow.published_keys import key_of, published_keys
from latchkey.testing.flow.visitor import JsonObject, NewUser, SignedIn, Visitor

pytestmark = pytest.mark.anyio

_A_LITTLE = timedelta(seconds=1.1)
SAME = ("sub", "email", "role", "sid", "iss", "auth_time", "client_id", "acr", "amr")


async def _exchanged(verifier: Visitor, access: str) -> JsonObject:
    answer = await verifier.exchange(access, {"audience": AUDIENCE})
    if answer.status_code == 400:
        pytest.skip(f"needs a deployment with AUDIENCES={AUDIENCE}")
    assert_status(answer, 200)
    check_no_cookie(answer, "V3")
    return json_object(answer)


@pytest.mark.promise("V1", "F14")
@pytest.mark.requirement("AT-23")
async def test_a_token_can_be_exchanged_for_one_for_another_service(
    verifier: Visitor, holder: SignedIn
) -> None:
    body = await _exchanged(verifier, holder.access)
    own, other = (Anatomy.of(token).claims for token in (holder.access, body["accessToken"]))

    assert set(body) == {"accessToken", "tokenType", "expiresIn"}
    assert body["tokenType"] == "Bearer"
    assert (type(own["aud"]), other["aud"]) == (str, AUDIENCE)
    assert [other[name] for name in SAME] == [own[name] for name in SAME]
    assert other["jti"] != own["jti"]
    assert key_of(body["accessToken"], await published_keys(verifier.http)).verifies(
        body["accessToken"]
    )


@pytest.mark.promise("V1")
@pytest.mark.requirement("AT-23")
async def test_an_exchanged_token_expires_no_later_than_the_presented_one(
    issuer: Deployment, verifier: Visitor, holder: SignedIn
) -> None:
    await issuer.outlast(_A_LITTLE)

    body = await _exchanged(verifier, holder.access)

    own, other = (Anatomy.of(token).claims for token in (holder.access, body["accessToken"]))
    assert other["iat"] > own["iat"]
    assert other["exp"] <= own["exp"]
    assert body["expiresIn"] == other["exp"] - other["iat"]


@pytest.mark.promise("V1", "F14")
@pytest.mark.parametrize("audience", ["nobody", "", "ORDERS", "orders,billing", "latchkey"])
async def test_an_unknown_audience_is_refused(
    verifier: Visitor, issued: SignedIn, audience: str
) -> None:
    answer = await verifier.exchange(issued.access, {"audience": audience})

    assert_problem(answer, 400, "audience_unknown")


@pytest.mark.promise("F14")
@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "audience"), ({"audience": 7}, "audience"), ({"audience": ["orders"]}, "audience")],
)
async def test_a_body_without_a_name_is_a_bad_request(
    verifier: Visitor, issued: SignedIn, body: object, field: str
) -> None:
    answer = await verifier.exchange(issued.access, body)

    assert_invalid(answer, field)


@pytest.mark.promise("V2")
@pytest.mark.requirement("AT-23")
async def test_the_service_refuses_a_token_for_another(verifier: Visitor, issued: SignedIn) -> None:
    other = (await _exchanged(verifier, issued.access))["accessToken"]

    answers = [
        await verifier.me(other),
        await verifier.orders(other),
        await verifier.exchange(other, {"audience": AUDIENCE}),
    ]

    for answer in answers:
        assert_problem(answer, 401, "access_token_invalid")


@pytest.mark.promise("V3", "A5")
@pytest.mark.requirement("AT-20", "AT-23")
async def test_a_token_of_an_ended_session_is_not_exchanged(
    verifier: Visitor, holder: SignedIn
) -> None:
    assert_status(await verifier.logout(holder.refresh), 200)

    answer = await verifier.exchange(holder.access, {"audience": AUDIENCE})

    if answer.status_code == 400:
        pytest.skip(f"needs a deployment with AUDIENCES={AUDIENCE}")
    assert_problem(answer, 401, "access_token_invalid")


@pytest.mark.promise("V3", "A5")
@pytest.mark.requirement("AZ-4", "AT-23")
async def test_a_token_with_a_former_role_is_not_exchanged(
    verifier: Visitor, holder: SignedIn
) -> None:
    account = Account(email=new_email())
    created = await verifier.create_user(holder.access, NewUser.of(account).body)
    user, session = member(created, "id"), await verifier.sign_in(account)

    assert_status(await verifier.change_user(holder.access, user, {"role": "ADMIN"}), 200)
    promoted = await verifier.exchange(session.access, {"audience": AUDIENCE})
    fresh = member(await verifier.refresh(session.refresh), "accessToken")
    body = await _exchanged(verifier, fresh)
    assert_status(await verifier.change_user(holder.access, user, {"role": "USER"}), 200)
    demoted = await verifier.exchange(fresh, {"audience": AUDIENCE})

    assert_problem(promoted, 401, "access_token_invalid")
    assert Anatomy.of(body["accessToken"]).claims["role"] == "ADMIN"
    assert_problem(demoted, 401, "access_token_invalid")


@pytest.mark.promise("V3", "K16")
@pytest.mark.requirement("AZ-1")
async def test_an_exchange_needs_an_access_token(verifier: Visitor) -> None:
    missing = await verifier.http.post("/api/auth/token", json={"audience": AUDIENCE})
    wrong = await verifier.exchange("nonsense", {"audience": AUDIENCE})

    assert_problem(missing, 401, "access_token_missing")
    assert_problem(wrong, 401, "access_token_invalid")


@pytest.mark.promise("V3")
async def test_an_exchange_rotates_nothing(verifier: Visitor, holder: SignedIn) -> None:
    await _exchanged(verifier, holder.access)

    assert await verifier.successor(holder.refresh)
