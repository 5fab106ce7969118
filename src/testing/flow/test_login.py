"""Login: who can log in, what the response contains, and what it does not reveal."""

import asyncio

import pytest

from latchkey.testing.flow.deployments import Account, Operator
from latchkey.testing.flow.expectations import (
    USER_MEMBERS,
    assert_ended,
    assert_invalid,
    assert_is_id,
    assert_problem,
    assert_status,
    check_no_cookie,
    constant_body,
    json_object,
)
from latchkey.testing.flow.fixtures import MakeUser
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio

_VARIES = {"x-request-id", "date", "server"}


@pytest.mark.promise("F1", "K1")
@pytest.mark.requirement("CK-14")
async def test_a_login_returns_an_access_token_and_the_user(
    visitor: Visitor, resident: Account
) -> None:
    answer = await visitor.login(resident.credentials)

    assert_status(answer, 200)
    body = json_object(answer)
    assert set(body) == {"accessToken", "tokenType", "expiresIn", "user"}
    assert body["tokenType"] == "Bearer"
    assert type(body["expiresIn"]) is int
    assert set(body["user"]) == USER_MEMBERS
    assert (body["user"]["email"], body["user"]["name"]) == (resident.email, resident.name)
    assert body["user"]["role"] == "USER"
    assert_is_id(body["user"]["id"])


@pytest.mark.promise("L1", "K8")
@pytest.mark.requirement("LG-10")
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": "somebody@example.com"}, "password"),
        ({"password": "violet-Kettle-41-harbour"}, "email"),
        ({"email": 7, "password": "violet-Kettle-41-harbour"}, "email"),
        ({"email": None, "password": "violet-Kettle-41-harbour"}, "email"),
        ({"email": "somebody@example.com", "password": ["violet"]}, "password"),
        ({"email": "somebody@example.com", "password": {"$ne": ""}}, "password"),
    ],
    ids=["no password", "no e-mail", "a number", "null", "a list", "an object"],
)
async def test_a_login_without_both_strings_is_a_bad_request(
    visitor: Visitor, body: dict[str, object], field: str
) -> None:
    answer = await visitor.login(body)

    assert_invalid(answer, field)


@pytest.mark.promise("L1", "K8")
@pytest.mark.requirement("LG-10")
async def test_a_login_with_one_more_member_is_a_bad_request(
    visitor: Visitor, resident: Account
) -> None:
    answer = await visitor.login(resident.credentials | {"role": "ADMIN"})

    assert_invalid(answer, "role")


@pytest.mark.promise("L1", "W1")
@pytest.mark.requirement("LG-9")
@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("no address at all", "violet-Kettle-41-harbour"),
        ("", "violet-Kettle-41-harbour"),
        ("e" * 5_000 + "@example.com", "violet-Kettle-41-harbour"),
        ("nul\0@example.com", "violet-Kettle-41-harbour"),
        ("somebody@example.com", ""),
        ("somebody@example.com", "short"),
        ("somebody@example.com", "p" * 4_000),
        ("somebody@example.com", "nul\0nul\0nul"),
        ("' OR 1=1 --@example.com", "' OR '1'='1"),
    ],
)
async def test_a_string_that_cannot_be_an_address_or_a_password_counts_as_a_wrong_one(
    visitor: Visitor, email: str, password: str
) -> None:
    answer = await visitor.login({"email": email, "password": password})

    assert_problem(answer, 401, "invalid_credentials")


@pytest.mark.promise("L3")
@pytest.mark.requirement("LG-1")
async def test_an_unknown_address_and_a_wrong_password_get_the_same_response(
    visitor: Visitor, user: Account
) -> None:
    headers = {"X-Request-ID": "the-same"}

    wrong = await visitor.login(user.credentials | {"password": "another-one-7"}, headers=headers)
    unknown = await visitor.login(
        {"email": f"un{user.email}", "password": user.password}, headers=headers
    )

    assert_problem(wrong, 401, "invalid_credentials")
    assert constant_body(wrong) == constant_body(unknown)
    assert _constant_headers(wrong.headers) == _constant_headers(unknown.headers)


@pytest.mark.promise("L3", "W6")
@pytest.mark.requirement("PW-5", "LG-1")
async def test_an_invalid_password_and_a_wrong_one_get_the_same_response(
    visitor: Visitor, user: Account
) -> None:
    headers = {"X-Request-ID": "the-same"}
    invalid = ["p" * 73, "p" * 4_000, "nul\0nul\0nul", "short"]

    wrong, *answers = [
        await visitor.login(user.credentials | {"password": each}, headers=headers)
        for each in ("another-one-7", *invalid)
    ]

    for answer in answers:
        assert_problem(answer, 401, "invalid_credentials")
        assert constant_body(answer) == constant_body(wrong)
        assert _constant_headers(answer.headers) == _constant_headers(wrong.headers)


@pytest.mark.promise("L3")
@pytest.mark.requirement("LG-1")
async def test_a_disabled_user_and_an_unknown_one_get_the_same_response(
    visitor: Visitor, user: Account, operator: Operator
) -> None:
    headers = {"X-Request-ID": "the-same"}
    await operator.disable(user.email)

    disabled = await visitor.login(user.credentials, headers=headers)
    unknown = await visitor.login(
        {"email": f"un{user.email}", "password": user.password}, headers=headers
    )

    assert_problem(disabled, 401, "invalid_credentials")
    assert constant_body(disabled) == constant_body(unknown)
    assert _constant_headers(disabled.headers) == _constant_headers(unknown.headers)


@pytest.mark.promise("L4")
@pytest.mark.requirement("LG-11")
async def test_each_login_opens_a_session_of_its_own(visitor: Visitor, resident: Account) -> None:
    one, other = await asyncio.gather(visitor.sign_in(resident), visitor.sign_in(resident))

    assert one.refresh != other.refresh
    assert await visitor.successor(one.refresh) != await visitor.successor(other.refresh)


@pytest.mark.promise("L4", "S2")
@pytest.mark.requirement("LG-11")
async def test_a_login_ends_the_session_whose_cookie_it_carries(
    visitor: Visitor, somebody: SignedIn
) -> None:
    second = await visitor.sign_in(somebody.account, cookie=somebody.refresh)

    assert_ended(await visitor.refresh(somebody.refresh), "replaced")
    assert await visitor.successor(second.refresh)


@pytest.mark.promise("L4")
@pytest.mark.requirement("LG-11")
async def test_a_login_ends_the_session_of_its_cookie_even_another_users(
    visitor: Visitor, somebody: SignedIn, make_user: MakeUser
) -> None:
    next_person = await make_user()

    signed_in = await visitor.sign_in(next_person, cookie=somebody.refresh)

    assert_ended(await visitor.refresh(somebody.refresh), "replaced")
    assert (await visitor.me(signed_in.access)).json()["email"] == next_person.email


@pytest.mark.promise("L4")
async def test_a_login_that_fails_ends_no_session(visitor: Visitor, newcomer: SignedIn) -> None:
    wrong = newcomer.account.credentials | {"password": "another-one-7"}

    answer = await visitor.login(wrong, cookie=newcomer.refresh)

    assert_status(answer, 401)
    check_no_cookie(answer, "C4")
    assert await visitor.successor(newcomer.refresh)


@pytest.mark.promise("L4")
async def test_a_login_ignores_a_cookie_that_the_service_did_not_issue(
    visitor: Visitor, resident: Account
) -> None:
    signed_in = await visitor.sign_in(resident, cookie="planted")

    assert signed_in.refresh != "planted"
    assert await visitor.successor(signed_in.refresh)


def _constant_headers(headers: object) -> dict[str, str]:
    return {k: v for k, v in dict(headers).items() if k not in _VARIES}  # type: ignore[call-overload]
