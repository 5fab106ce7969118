"""Changed passwords: what a change needs, and what it ends."""

import asyncio

import pytest

from latchkey.testing.flow.deployments import GOOD_PASSWORD, Account
from latchkey.testing.flow.expectations import (
    assert_ended,
    assert_invalid,
    assert_problem,
    assert_retry_later,
    assert_status,
    member,
    winner,
)
from latchkey.testing.flow.mailbox import CHANGED, mails
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio

NEW = f"{GOOD_PASSWORD}-new"
WRONG = "a-wrong-guess"
MANY = 60  # more than any sensible limit
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


@pytest.mark.promise("F58", "CP2", "C1", "A5")
@pytest.mark.requirement("RP-10")
async def test_a_change_replaces_all_sessions_with_a_new_one(
    visitor: Visitor, user: Account
) -> None:
    own, other = await visitor.sign_in(user), await visitor.sign_in(user)

    answer = await visitor.change_password(
        own.access, user.password, NEW, headers={"User-Agent": FIREFOX}
    )

    assert_status(answer, 200)
    assert set(answer.json()) == {"accessToken", "tokenType", "expiresIn"}
    for session in (own, other):
        assert_ended(await visitor.refresh(session.refresh), "revoked")
        assert_problem(await visitor.me(session.access), 401, "access_token_invalid")
    access = member(answer, "accessToken")
    [item] = (await visitor.sessions(access)).json()["items"]
    assert (item["current"], item["device"]) == (True, "Firefox on Linux")
    assert (await visitor.refresh(SetCookie.of(answer).value)).is_success


@pytest.mark.promise("CP2")
@pytest.mark.requirement("RP-10")
async def test_after_a_change_the_new_password_logs_in_and_the_old_one_does_not(
    visitor: Visitor, newcomer: SignedIn
) -> None:
    account = newcomer.account

    answer = await visitor.change_password(newcomer.access, account.password, NEW)

    device = SetCookie.of_device(answer)
    assert_problem(await visitor.login(account.credentials), 401, "invalid_credentials")
    renewed = await visitor.login(account.credentials | {"password": NEW}, headers=device.header)
    assert_status(renewed, 200)


@pytest.mark.promise("CP2", "ML13")
@pytest.mark.requirement("RP-10")
async def test_a_user_is_told_of_a_change(visitor: Visitor, newcomer: SignedIn) -> None:
    account = newcomer.account
    assert_status(await visitor.change_password(newcomer.access, account.password, NEW), 200)

    await mails(visitor, account.email, 1, CHANGED)


@pytest.mark.promise("CP1", "L2")
@pytest.mark.requirement("RP-6", "RP-10")
async def test_a_wrong_current_password_keeps_the_session_and_can_be_tried_so_often(
    visitor: Visitor, user: Account
) -> None:
    own, other = await visitor.sign_in(user), await visitor.sign_in(user)

    tries = 0
    answer = await visitor.change_password(own.access, WRONG, NEW)
    assert_problem(answer, 403, "password_incorrect")
    while answer.status_code == 403 and tries < MANY:
        tries, answer = tries + 1, await visitor.change_password(own.access, WRONG, NEW)

    assert_retry_later(answer, 429, "too_many_attempts")
    assert_status(await visitor.me(own.access), 200)
    assert (await visitor.refresh(own.refresh)).is_success
    assert_status(await visitor.login(user.credentials), 200)
    assert_status(await visitor.change_password(other.access, user.password, NEW), 200)


@pytest.mark.promise("CP1")
@pytest.mark.requirement("RP-10")
async def test_strangers_who_guess_at_the_login_do_not_keep_the_owner_from_a_change(
    visitor: Visitor, newcomer: SignedIn
) -> None:
    account = newcomer.account
    for _ in range(MANY):
        guess = await visitor.login(account.credentials | {"password": WRONG})
        if guess.status_code == 429:
            break

    answer = await visitor.change_password(newcomer.access, account.password, NEW)

    assert_status(answer, 200)


@pytest.mark.promise("CP3")
async def test_a_new_password_that_is_rejected_changes_and_counts_nothing(
    visitor: Visitor, newcomer: SignedIn
) -> None:
    account = newcomer.account
    bad = ["short", "x" * 129, "password1", account.email, account.password]

    for new in bad * 3:
        answer = await visitor.change_password(newcomer.access, account.password, new)
        assert_invalid(answer, "newPassword")

    assert_status(await visitor.me(newcomer.access), 200)
    assert_status(await visitor.change_password(newcomer.access, account.password, NEW), 200)


@pytest.mark.promise("CP4")
@pytest.mark.requirement("RP-10")
async def test_of_many_changes_at_once_one_succeeds(visitor: Visitor, newcomer: SignedIn) -> None:
    account = newcomer.account
    passwords = [f"{NEW}-{number}" for number in range(5)]

    answers = await asyncio.gather(
        *(
            visitor.change_password(newcomer.access, account.password, password)
            for password in passwords
        )
    )

    for answer in answers:
        assert_status(answer, 200, 401, 403)
    password = winner(passwords, answers)
    assert_status(await visitor.login(account.credentials | {"password": password}), 200)


@pytest.mark.promise("CP1", "A4")
async def test_a_change_needs_a_session(visitor: Visitor, newcomer: SignedIn) -> None:
    account = newcomer.account
    body = {"currentPassword": account.password, "newPassword": NEW}
    await visitor.logout(newcomer.refresh)

    ended = await visitor.change_password(newcomer.access, account.password, NEW)
    missing = await visitor.http.post("/api/auth/password", json=body)

    assert_problem(ended, 401, "access_token_invalid")
    assert_problem(missing, 401, "access_token_missing")
    assert_status(await visitor.login(account.credentials), 200)


@pytest.mark.promise("CP1", "K8")
async def test_a_change_needs_the_current_password(visitor: Visitor, somebody: SignedIn) -> None:
    missing = await visitor.http.post(
        "/api/auth/password", json={"newPassword": NEW}, headers=somebody.bearer
    )
    unknown = await visitor.http.post(
        "/api/auth/password",
        json={"currentPassword": "x", "newPassword": NEW, "revokeOtherSessions": False},
        headers=somebody.bearer,
    )

    assert_invalid(missing, "currentPassword")
    assert_invalid(unknown, "revokeOtherSessions")
