"""Forgotten passwords: who gets a link, who learns what, and what a new password ends."""

import asyncio

import httpx
import pytest

from latchkey.testing.flow.deployments import GOOD_PASSWORD, Account, Operator
from latchkey.testing.flow.expectations import (
    assert_ended,
    assert_invalid,
    assert_problem,
    assert_retry_later,
    assert_status,
    constant_body,
    winner,
)
from latchkey.testing.flow.fixtures import Deploy, MakeUser, new_email
from latchkey.testing.flow.mailbox import (
    CHANGED,
    LULL,
    RESET,
    asked,
    link_in,
    mailbox,
    mails,
    reset_token,
    reset_tokens,
)
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio

NEW = f"{GOOD_PASSWORD}-new"
WRONG = "a-wrong-guess"
MANY = 60  # more than any sensible limit


@pytest.mark.promise("F53", "F54", "PR1", "PR2", "LK1")
@pytest.mark.requirement("RP-1")
async def test_a_link_in_a_mail_sets_a_new_password(visitor: Visitor, user: Account) -> None:
    local, _, domain = user.email.partition("@")
    await asked(visitor, f" {local.upper()}@{domain.upper()} ")

    [mail] = await mails(visitor, user.email, 1, RESET)
    _, token = link_in(mail)
    answer = await visitor.reset_password(token, NEW)

    assert mail["to"] == user.email
    assert_status(answer, 200)
    assert_status(await visitor.login(user.credentials | {"password": NEW}), 200)
    assert_problem(await visitor.login(user.credentials), 401, "invalid_credentials")


@pytest.mark.promise("ML10")
async def test_a_mail_with_a_link_is_in_the_language_of_the_request(
    visitor: Visitor, user: Account
) -> None:
    headers = {"Accept-Language": "xx, de-AT;q=0.9, en;q=0.8"}
    answer = await visitor.request_reset(user.email, headers=headers)

    assert_status(answer, 202)
    [mail] = await mails(visitor, user.email, 1, "Neues Passwort festlegen")
    _, token = link_in(mail)
    assert_status(await visitor.read_link(token), 200)


@pytest.mark.promise("PR6", "ML13")
@pytest.mark.requirement("RP-7")
async def test_a_new_password_ends_all_sessions_and_the_user_is_told(
    visitor: Visitor, user: Account
) -> None:
    sessions = [await visitor.sign_in(user) for _ in range(3)]
    token = await reset_token(visitor, user.email)

    assert_status(await visitor.reset_password(token, NEW), 200)

    for session in sessions:
        assert_ended(await visitor.refresh(session.refresh), "revoked")
        assert_problem(await visitor.me(session.access), 401, "access_token_invalid")
    await mails(visitor, user.email, 1, CHANGED)


@pytest.mark.promise("PR6")
@pytest.mark.requirement("RP-7")
async def test_no_login_that_races_with_a_new_password_leaves_a_session(
    visitor: Visitor, user: Account
) -> None:
    token = await reset_token(visitor, user.email)
    old = user.credentials

    reset, *logins = await asyncio.gather(
        visitor.reset_password(token, NEW), *(visitor.login(old) for _ in range(6))
    )

    assert_status(reset, 200)
    for login in logins:
        assert_status(login, 200, 401)
        if login.is_success:
            assert_ended(await visitor.refresh(SetCookie.of(login).value), "revoked")


@pytest.mark.promise("PR6", "LK4", "CP4")
@pytest.mark.requirement("RP-4", "RP-7")
async def test_of_resets_and_changes_at_once_one_succeeds_and_no_older_session_lives(
    visitor: Visitor, user: Account
) -> None:
    tokens = await reset_tokens(visitor, user.email, 2)
    own = await visitor.sign_in(user)

    passwords = [f"{NEW}-{number}" for number in range(6)]
    requests = [
        *(visitor.reset_password(tokens[n % 2], passwords[n]) for n in range(4)),
        *(visitor.change_password(own.access, user.password, passwords[n]) for n in (4, 5)),
    ]
    logins = [visitor.login(user.credentials) for _ in range(3)]
    answers = await asyncio.gather(*requests, *logins)

    changes, logged_in = answers[:6], answers[6:]
    for answer in changes:
        assert_status(answer, 200, 401, 403, 410)
    for answer in logged_in:
        assert_status(answer, 200, 401)
        if answer.is_success:
            assert_ended(await visitor.refresh(SetCookie.of(answer).value), "revoked")
    assert_ended(await visitor.refresh(own.refresh), "revoked")
    password = winner(passwords, changes)
    assert_status(await visitor.login(user.credentials | {"password": password}), 200)


@pytest.mark.promise("PR5")
async def test_asking_for_a_link_changes_nothing(visitor: Visitor, newcomer: SignedIn) -> None:
    await reset_token(visitor, newcomer.account.email)
    for _ in range(4):
        await visitor.request_reset(newcomer.account.email)

    assert (await visitor.refresh(newcomer.refresh)).is_success
    assert_status(await visitor.login(newcomer.account.credentials), 200)


@pytest.mark.promise("PR3", "PR2")
@pytest.mark.requirement("RP-8")
async def test_known_unknown_and_disabled_addresses_get_the_same_response(
    visitor: Visitor, make_user: MakeUser, operator: Operator
) -> None:
    known, disabled = await make_user(), await make_user()
    await operator.disable(disabled.email)
    addresses = [known.email, disabled.email, new_email()]

    answers = [[await visitor.request_reset(each) for _ in range(5)] for each in addresses]

    told = [
        [(answer.status_code, constant_body(answer), _constant(answer)) for answer in each]
        for each in answers
    ]
    assert told[0] == told[1] == told[2]
    await mails(visitor, known.email, 1, RESET)
    await asyncio.sleep(LULL)
    for address in addresses[1:]:
        assert await mailbox(visitor, address, RESET) == []


def _constant(answer: httpx.Response) -> list[str]:
    """Return the names of the headers, whose values may tell the time."""
    return sorted(answer.headers)


@pytest.mark.promise("PR4")
@pytest.mark.requirement("RP-8")
async def test_one_address_gets_so_many_links_and_others_are_not_affected(
    visitor: Visitor, make_user: MakeUser
) -> None:
    flooded, other = await make_user(), await make_user()

    sent = 0
    answer = await visitor.request_reset(flooded.email)
    while answer.status_code == 202 and sent < MANY:
        sent, answer = sent + 1, await visitor.request_reset(flooded.email)

    assert_retry_later(answer, 429, "too_many_mails")
    await asked(visitor, other.email)
    await mails(visitor, other.email, 1, RESET)
    assert len(await mails(visitor, flooded.email, 1, RESET)) <= sent


@pytest.mark.promise("PR4", "N12")
@pytest.mark.requirement("RP-8")
async def test_one_client_can_ask_for_so_many_links_to_all_addresses(deploy: Deploy) -> None:
    deployment = await deploy(MAIL_LIMIT_SOURCE="2/1h")

    async with deployment.client() as http:
        visitor = Visitor(http=http, cookie_name=deployment.cookie_name)
        answers = [await visitor.request_reset(new_email()) for _ in range(3)]

    assert [answer.status_code for answer in answers[:2]] == [202, 202]
    assert_retry_later(answers[2], 429, "too_many_mails")


@pytest.mark.promise("PR7", "C7")
@pytest.mark.requirement("RP-9")
async def test_the_cookie_of_a_reset_lets_a_login_pass_where_guesses_have_used_up_the_attempts(
    visitor: Visitor, user: Account
) -> None:
    token = await reset_token(visitor, user.email)
    for _ in range(MANY):
        guess = await visitor.login(user.credentials | {"password": WRONG})
        if guess.status_code == 429:
            break

    reset = await visitor.reset_password(token, NEW)

    device = SetCookie.of_device(reset)
    right = user.credentials | {"password": NEW}
    assert device.attributes["path"] == "/api/auth/login"
    assert_problem(await visitor.login(right), 429, "too_many_attempts")
    assert_status(await visitor.login(right, headers=device.header), 200)


@pytest.mark.promise("PR1", "K8")
@pytest.mark.parametrize(
    "email",
    [
        "",
        "nobody",
        "victim@example.com,x@evil.example",
        "x<victim@example.com",
        "victim@example.com(x)",
        "victim,x@example.com",
        "a:victim@example.com",
        "victim@example.com.",
        "victim@[127.0.0.1]",
        "vic\r\nBcc: x@example.com",
        "victim@example.com\0",
        f"{'x' * 65}@example.com",
    ],
)
async def test_what_mail_cannot_go_to_is_rejected(visitor: Visitor, email: str) -> None:
    assert_invalid(await visitor.request_reset(email), "email")


@pytest.mark.promise("PR1", "K8")
async def test_only_an_address_is_asked_for(visitor: Visitor) -> None:
    body = {"email": new_email(), "redirectTo": "https://evil.example/"}

    answer = await visitor.http.post("/api/auth/password-resets", json=body)

    assert_invalid(answer, "redirectTo")
