"""Login: who gets in, what they get, and what nobody learns."""

import pytest

from contract.flow.deployments import Account, Operator
from contract.flow.expectations import (
    USER_MEMBERS,
    assert_ended,
    assert_invalid,
    assert_is_id,
    assert_problem,
)
from contract.flow.fixtures import MakeUser
from contract.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio

_VARIES = {"x-request-id", "date", "server"}


@pytest.mark.step("F1", "K1")
@pytest.mark.requirement("CK-14")
async def test_a_login_answers_with_an_access_token_and_the_user(
    visitor: Visitor, user: Account
) -> None:
    answer = await visitor.login(user.credentials)

    body = answer.json()
    assert answer.status_code == 200
    assert set(body) == {"accessToken", "tokenType", "expiresIn", "user"}
    assert body["tokenType"] == "Bearer"
    assert type(body["expiresIn"]) is int
    assert set(body["user"]) == USER_MEMBERS
    assert (body["user"]["email"], body["user"]["name"]) == (user.email, user.name)
    assert body["user"]["role"] == "USER"
    assert_is_id(body["user"]["id"])


@pytest.mark.step("L1", "K8")
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


@pytest.mark.step("L1", "K8")
@pytest.mark.requirement("LG-10")
async def test_a_login_with_one_more_member_is_a_bad_request(
    visitor: Visitor, user: Account
) -> None:
    answer = await visitor.login(user.credentials | {"role": "ADMIN"})

    assert_invalid(answer, "role")


@pytest.mark.step("L1", "W1", "M1")
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
async def test_what_can_not_be_right_is_wrong_and_not_a_bad_request(
    visitor: Visitor, email: str, password: str
) -> None:
    answer = await visitor.login({"email": email, "password": password})

    assert_problem(answer, 401, "invalid_credentials")


@pytest.mark.step("L3")
@pytest.mark.requirement("LG-1")
async def test_nobody_can_tell_an_unknown_address_from_a_wrong_password(
    visitor: Visitor, user: Account
) -> None:
    headers = {"X-Request-ID": "the-same"}

    wrong = await visitor.login(user.credentials | {"password": "another-one-7"}, headers=headers)
    unknown = await visitor.login(
        {"email": f"un{user.email}", "password": user.password}, headers=headers
    )

    assert_problem(wrong, 401, "invalid_credentials")
    assert wrong.content == unknown.content
    assert _constant_headers(wrong.headers) == _constant_headers(unknown.headers)


@pytest.mark.step("L3", "W6")
@pytest.mark.requirement("PW-5", "LG-1")
@pytest.mark.parametrize("password", ["p" * 73, "p" * 4_000, "nul\0nul\0nul", "short"])
async def test_nobody_can_tell_what_can_be_no_password_from_a_wrong_one(
    visitor: Visitor, user: Account, password: str
) -> None:
    headers = {"X-Request-ID": "the-same"}

    wrong, impossible = [
        await visitor.login(user.credentials | {"password": each}, headers=headers)
        for each in ("another-one-7", password)
    ]

    assert_problem(impossible, 401, "invalid_credentials")
    assert impossible.content == wrong.content
    assert _constant_headers(impossible.headers) == _constant_headers(wrong.headers)


@pytest.mark.step("L3")
@pytest.mark.requirement("LG-1")
async def test_nobody_can_tell_a_disabled_user_from_an_unknown_one(
    visitor: Visitor, user: Account, operator: Operator
) -> None:
    headers = {"X-Request-ID": "the-same"}
    await operator.disable(user.email)

    disabled = await visitor.login(user.credentials, headers=headers)
    unknown = await visitor.login(
        {"email": f"un{user.email}", "password": user.password}, headers=headers
    )

    assert_problem(disabled, 401, "invalid_credentials")
    assert disabled.content == unknown.content
    assert _constant_headers(disabled.headers) == _constant_headers(unknown.headers)


@pytest.mark.step("L4")
@pytest.mark.requirement("LG-11")
async def test_each_login_opens_a_session_of_its_own(visitor: Visitor, user: Account) -> None:
    one = await visitor.sign_in(user)
    other = await visitor.sign_in(user)

    assert one.refresh != other.refresh
    assert await visitor.successor(one.refresh) != await visitor.successor(other.refresh)


@pytest.mark.step("L4", "S2")
@pytest.mark.requirement("LG-11")
async def test_a_login_ends_the_session_whose_cookie_it_carries(
    visitor: Visitor, somebody: SignedIn
) -> None:
    second = await visitor.sign_in(somebody.account, cookie=somebody.refresh)

    assert_ended(await visitor.refresh(somebody.refresh), "replaced")
    assert await visitor.successor(second.refresh)


@pytest.mark.step("L4")
@pytest.mark.requirement("LG-11")
async def test_a_login_ends_the_session_of_its_cookie_whoever_had_it(
    visitor: Visitor, somebody: SignedIn, make_user: MakeUser
) -> None:
    next_person = await make_user()

    signed_in = await visitor.sign_in(next_person, cookie=somebody.refresh)

    assert_ended(await visitor.refresh(somebody.refresh), "replaced")
    assert (await visitor.me(signed_in.access)).json()["email"] == next_person.email


@pytest.mark.step("L4")
async def test_a_login_that_fails_ends_no_session(visitor: Visitor, somebody: SignedIn) -> None:
    wrong = somebody.account.credentials | {"password": "another-one-7"}

    answer = await visitor.login(wrong, cookie=somebody.refresh)

    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
    assert await visitor.successor(somebody.refresh)


@pytest.mark.step("L4")
async def test_a_login_takes_no_notice_of_a_cookie_that_is_none_of_ours(
    visitor: Visitor, user: Account
) -> None:
    signed_in = await visitor.sign_in(user, cookie="planted")

    assert signed_in.refresh != "planted"
    assert await visitor.successor(signed_in.refresh)


def _constant_headers(headers: object) -> dict[str, str]:
    return {k: v for k, v in dict(headers).items() if k not in _VARIES}  # type: ignore[call-overload]
