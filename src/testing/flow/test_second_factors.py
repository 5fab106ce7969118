"""Logins with a second factor: what they take, and what is accepted once."""

import asyncio
from itertools import product

import pytest

from latchkey.domain.factors.totp import step_at
from latchkey.testing.flow.authenticator import challenged, enrolled, opened, signed_in
from latchkey.testing.flow.deployments import Account, Deployment
from latchkey.testing.flow.expectations import (
    USER_MEMBERS,
    assert_challenge,
    assert_invalid,
    assert_problem,
    assert_status,
    check_no_cookie,
    constant_body,
    member,
)
from latchkey.testing.flow.jwt_anatomy import Anatomy
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import Visitor

pytestmark = pytest.mark.anyio

AT_ONCE = 20
WRONG = "a-wrong-guess"
NO_CODES = {
    "of another length": ("", "1", "1234567"),
    "of other characters": (
        "abcdef",
        "\u0661\u0662\u0663\u0664\u0665\u0666",  # Arabic-Indic digits
        "\uff11\uff12\uff13\uff14\uff15\uff16",  # fullwidth digits
        "\U0001f600" * 6,
    ),
    "of digits and something else": ("12345\0", "-12345", "1e5000"),
}
"""What is no code, in groups small enough for the attempts of one account."""


@pytest.mark.promise("Y1", "F1", "F20", "K16")
@pytest.mark.requirement("MF-1")
async def test_the_right_password_alone_gets_a_challenge_and_nothing_else(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    known = await enrolled(visitor, user, deployment)

    answer = await visitor.login(user.credentials)

    problem = assert_problem(answer, 401, "second_factor_required")
    assert_challenge(answer)
    check_no_cookie(answer, "Y1")
    assert "accessToken" not in problem
    assert len(problem["challenge"]) == 84
    assert problem["factors"] == ["recovery_code", "totp"]
    assert 290 <= problem["expiresIn"] <= 300
    completed = await visitor.second_factor(problem["challenge"], await known.app.code(deployment))
    assert_status(completed, 200)


@pytest.mark.promise("F20", "Y1", "C1", "C7", "L4")
@pytest.mark.requirement("MF-1")
async def test_a_code_completes_the_login_as_a_password_does_without_one(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    known = await enrolled(visitor, user, deployment)
    challenge = await challenged(visitor, user)

    answer = await visitor.second_factor(
        challenge,
        await known.app.code(deployment),
        headers=visitor.cookie(known.session.refresh),
    )

    assert_status(answer, 200)
    assert set(answer.json()) == {"accessToken", "tokenType", "expiresIn", "user"}
    assert set(answer.json()["user"]) == USER_MEMBERS
    assert SetCookie.of_device(answer).attributes["path"] == "/api/auth/login"
    assert (await visitor.refresh(SetCookie.of(answer).value)).is_success
    replaced = await visitor.refresh(known.session.refresh)
    assert assert_problem(replaced, 401, "session_ended")["reason"] == "replaced"


@pytest.mark.promise("Y2", "L3")
@pytest.mark.requirement("MF-1", "LG-1")
async def test_a_wrong_password_does_not_tell_whether_there_is_a_second_factor(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    await enrolled(visitor, user, deployment)

    answers = [
        await visitor.login({"email": email, "password": WRONG})
        for email in (user.email, f"no-{user.email}")
    ]

    for answer in answers:
        assert_problem(answer, 401, "invalid_credentials")
    assert constant_body(answers[0]) == constant_body(answers[1])


@pytest.mark.promise("Y3")
@pytest.mark.requirement("MF-2")
async def test_a_code_works_once(visitor: Visitor, user: Account, deployment: Deployment) -> None:
    known = await enrolled(visitor, user, deployment)
    first, second = [await challenged(visitor, user) for _ in range(2)]
    code = await known.app.code(deployment)

    answers = [await visitor.second_factor(each, code) for each in (first, first, second)]

    assert_status(answers[0], 200)
    for again in answers[1:]:
        assert_problem(again, 401, "second_factor_invalid")
        check_no_cookie(again, "Y1")


@pytest.mark.promise("Y3")
@pytest.mark.requirement("MF-2")
async def test_no_code_of_an_earlier_step_works_after_a_later_one(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    known = await enrolled(visitor, user, deployment)
    challenge = await challenged(visitor, user)
    next_step = step_at(deployment.now()) + 1

    assert_status(await visitor.second_factor(challenge, known.app.at(next_step)), 200)

    for step in (next_step - 1, next_step):
        again = await visitor.second_factor(challenge, known.app.at(step))
        assert_problem(again, 401, "second_factor_invalid")


@pytest.mark.promise("Y3")
@pytest.mark.requirement("MF-2")
async def test_of_many_logins_at_once_with_one_code_one_succeeds(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    known = await enrolled(visitor, user, deployment)
    challenge = await challenged(visitor, user)
    code = await known.app.code(deployment)

    answers = await asyncio.gather(
        *(visitor.second_factor(challenge, code) for _ in range(AT_ONCE))
    )

    statuses = [answer.status_code for answer in answers]
    assert statuses.count(200) == 1
    assert set(statuses) <= {200, 401, 429}


@pytest.mark.promise("Y4")
@pytest.mark.requirement("MF-2")
async def test_the_code_that_confirmed_an_app_does_not_log_in(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    known = await enrolled(visitor, user, deployment)
    challenge = await challenged(visitor, user)

    answer = await visitor.second_factor(challenge, known.app.at(known.app.used))

    assert_problem(answer, 401, "second_factor_invalid")


@pytest.mark.promise("Y3")
@pytest.mark.parametrize("codes", NO_CODES.values(), ids=NO_CODES.keys())
async def test_what_is_no_code_is_a_wrong_one(
    visitor: Visitor, user: Account, deployment: Deployment, codes: tuple[str, ...]
) -> None:
    await enrolled(visitor, user, deployment)
    challenge = await challenged(visitor, user)

    for code, factor in product(codes, ("totp", "recovery_code")):
        answer = await visitor.second_factor(challenge, code, factor)
        assert_problem(answer, 401, "second_factor_invalid")


@pytest.mark.promise("Y3")
async def test_blanks_in_a_code_are_ignored(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    known = await enrolled(visitor, user, deployment)
    challenge = await challenged(visitor, user)
    code = await known.app.code(deployment)

    answer = await visitor.second_factor(challenge, f" {code[:3]} {code[3:]}\n")

    assert_status(answer, 200)


@pytest.mark.promise("F20", "K8")
async def test_an_answer_has_a_challenge_a_factor_and_a_code(visitor: Visitor) -> None:
    whole = {"challenge": "A" * 84, "factor": "totp", "code": "000000"}
    for name in whole:
        rest = {key: value for key, value in whole.items() if key != name}
        assert_invalid(await visitor.http.post("/api/auth/login/second-factor", json=rest), name)
    for name, value in (("factor", "sms"), ("code", 1), ("challenge", None), ("more", "x")):
        body = whole | {name: value}
        answer = await visitor.http.post("/api/auth/login/second-factor", json=body)
        assert_invalid(answer, name)


@pytest.mark.promise("Y19", "A8", "J10", "R3")
@pytest.mark.requirement("MF-6")
async def test_a_token_says_how_its_user_has_signed_in_and_a_refresh_changes_nothing_of_it(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    known = await enrolled(visitor, user, deployment)
    session = await signed_in(visitor, known, deployment)
    claims = Anatomy.of(session.access).claims

    assert (claims["amr"], claims["acr"]) == (["pwd", "otp", "mfa"], "aal2")
    assert abs(claims["auth_time"] - claims["iat"]) <= 1
    refresh = session.refresh
    for _ in range(3):
        answer = await visitor.refresh(refresh)
        refresh, later = SetCookie.of(answer).value, Anatomy.of(member(answer, "accessToken"))
        for name in ("amr", "acr", "auth_time", "sid"):
            assert later.claims[name] == claims[name]


@pytest.mark.promise("Y19")
async def test_the_session_that_an_enrolment_opens_has_two_factors(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    known = await enrolled(visitor, user, deployment)

    assert Anatomy.of(known.session.access).claims["acr"] == "aal2"
    again = await visitor.refresh(known.session.refresh)
    assert Anatomy.of(opened(user, again).access).claims["acr"] == "aal2"
