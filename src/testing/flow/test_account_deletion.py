"""Deleted accounts: what a deletion needs, what it ends, and what is free again."""

import asyncio

import pytest

from latchkey.testing.flow.deployments import GOOD_PASSWORD, Account, Operator
from latchkey.testing.flow.expectations import (
    assert_ended,
    assert_invalid,
    assert_link_ended,
    assert_problem,
    assert_retry_later,
    assert_status,
    check_no_cookie,
    constant_body,
)
from latchkey.testing.flow.fixtures import MakeUser, new_email
from latchkey.testing.flow.mailbox import (
    DELETED,
    LULL,
    RESET,
    address_token,
    asked,
    mailbox,
    mails,
    registration_tokens,
    reset_token,
)
from latchkey.testing.flow.visitor import NewUser, SignedIn, Visitor

pytestmark = pytest.mark.anyio

NEW = f"{GOOD_PASSWORD}-new"
WRONG = "a-wrong-guess"
MANY = 60  # more than any sensible limit


async def deleted(visitor: Visitor, own: SignedIn) -> None:
    """Delete an account, which must be possible."""
    assert_status(await visitor.delete_account(own.access, own.account.password), 200)


@pytest.mark.promise("F63", "AC1", "S2", "A5")
@pytest.mark.requirement("EC-5")
async def test_a_deletion_ends_all_sessions_and_nobody_can_log_in(
    visitor: Visitor, user: Account
) -> None:
    own, other = await visitor.sign_in(user), await visitor.sign_in(user)

    answer = await visitor.delete_account(own.access, user.password)

    assert_status(answer, 200)
    assert set(answer.json()) == {"message"}
    check_no_cookie(answer, "AC1")
    for session in (own, other):
        assert_ended(await visitor.refresh(session.refresh), "account_deleted")
        assert_problem(await visitor.me(session.access), 401, "access_token_invalid")
        assert_status(await visitor.orders(session.access), 200)  # until it expires (A6)
    assert_problem(await visitor.login(user.credentials), 401, "invalid_credentials")
    again = await visitor.delete_account(own.access, user.password)
    assert_problem(again, 401, "access_token_invalid")


@pytest.mark.promise("AC1", "L3")
@pytest.mark.requirement("EC-5")
async def test_a_deleted_account_is_like_one_that_never_was(
    visitor: Visitor, newcomer: SignedIn
) -> None:
    await deleted(visitor, newcomer)

    answers = [
        await visitor.login({"email": email, "password": newcomer.account.password})
        for email in (newcomer.account.email, new_email())
    ]

    told = [(each.status_code, constant_body(each), sorted(each.headers)) for each in answers]
    assert told[0] == told[1]


@pytest.mark.promise("AC1", "ML13")
@pytest.mark.requirement("EC-5")
async def test_a_user_is_told_of_the_deletion(visitor: Visitor, newcomer: SignedIn) -> None:
    await deleted(visitor, newcomer)

    await mails(visitor, newcomer.account.email, 1, DELETED)


@pytest.mark.promise("AC1", "CP1")
@pytest.mark.requirement("EC-5", "RP-6")
async def test_a_wrong_password_deletes_nothing_and_can_be_tried_so_often(
    visitor: Visitor, newcomer: SignedIn
) -> None:
    tries = 0
    answer = await visitor.delete_account(newcomer.access, WRONG)
    assert_problem(answer, 403, "password_incorrect")
    while answer.status_code == 403 and tries < MANY:
        tries, answer = tries + 1, await visitor.delete_account(newcomer.access, WRONG)

    assert_retry_later(answer, 429, "too_many_attempts")
    assert_status(await visitor.me(newcomer.access), 200)
    assert_status(await visitor.login(newcomer.account.credentials), 200)


@pytest.mark.promise("AC1", "K8", "A4")
@pytest.mark.requirement("EC-5")
async def test_a_stolen_session_alone_deletes_nothing(visitor: Visitor, somebody: SignedIn) -> None:
    path = "/api/auth/account/delete"

    missing = await visitor.http.post(path, json={}, headers=somebody.bearer)
    nobody = await visitor.http.post(path, json={"currentPassword": somebody.account.password})
    unknown = await visitor.http.post(
        path, json={"currentPassword": WRONG, "id": "x"}, headers=somebody.bearer
    )

    assert_invalid(missing, "currentPassword")
    assert_problem(nobody, 401, "access_token_missing")
    assert_invalid(unknown, "id")
    assert_status(await visitor.me(somebody.access), 200)


@pytest.mark.promise("AC2", "E1")
@pytest.mark.requirement("EC-5")
async def test_the_address_is_free_for_a_new_user_with_nothing_of_the_old_one(
    visitor: Visitor, newcomer: SignedIn, admin: SignedIn, operator: Operator
) -> None:
    account = newcomer.account
    former = (await visitor.me(newcomer.access)).json()
    await operator.add_orders(account.email, [100, 200])
    await deleted(visitor, newcomer)

    made = await visitor.create_user(admin.access, NewUser.of(account).body)

    assert_status(made, 201)
    assert made.json()["id"] != former["id"]
    again = await visitor.sign_in(account)
    assert (await visitor.orders(again.access)).json()["items"] == []
    assert len((await visitor.sessions(again.access)).json()["items"]) == 1
    assert_ended(await visitor.refresh(newcomer.refresh), "account_deleted")


@pytest.mark.promise("AC2", "RG2")
async def test_whoever_deletes_an_account_can_register_again(
    visitor: Visitor, newcomer: SignedIn
) -> None:
    account = newcomer.account
    await deleted(visitor, newcomer)
    [token] = await registration_tokens(visitor, account.email)

    answer = await visitor.complete(token, "Grace", NEW)

    assert_status(answer, 201)
    assert_problem(await visitor.login(account.credentials), 401, "invalid_credentials")
    assert_status(await visitor.login(account.credentials | {"password": NEW}), 200)


@pytest.mark.promise("AC1", "LK8")
@pytest.mark.requirement("EC-5")
async def test_links_of_a_deleted_account_are_withdrawn(
    visitor: Visitor, newcomer: SignedIn, make_user: MakeUser
) -> None:
    account, wanted = newcomer.account, new_email()
    reset, move = await asyncio.gather(
        reset_token(visitor, account.email), address_token(visitor, newcomer, wanted)
    )
    await deleted(visitor, newcomer)
    await make_user(email=account.email)

    answers = [
        await visitor.reset_password(reset, NEW),
        await visitor.change_email(move, account.password),
    ]

    for answer in answers:
        assert_link_ended(answer, "withdrawn")
    assert_status(await visitor.login(account.credentials), 200)


@pytest.mark.promise("AC1", "PR2")
async def test_a_link_for_a_deleted_account_is_not_sent(
    visitor: Visitor, newcomer: SignedIn
) -> None:
    await deleted(visitor, newcomer)
    await asked(visitor, newcomer.account.email)

    await mails(visitor, newcomer.account.email, 1, DELETED)
    await asyncio.sleep(LULL)

    assert await mailbox(visitor, newcomer.account.email, RESET) == []


@pytest.mark.promise("AC4", "U1")
async def test_a_deleted_user_is_not_listed(
    visitor: Visitor, newcomer: SignedIn, admin: SignedIn
) -> None:
    me = (await visitor.me(newcomer.access)).json()
    before = (await visitor.users(admin.access, limit=100)).json()["items"]
    await deleted(visitor, newcomer)

    after = (await visitor.users(admin.access, limit=100)).json()["items"]

    assert me in before
    assert all(user["email"] and user["id"] != me["id"] for user in after)


@pytest.mark.promise("AC1", "L4")
@pytest.mark.requirement("EC-5")
async def test_no_session_lives_after_deletions_and_logins_at_once(
    visitor: Visitor, user: Account
) -> None:
    own = [await visitor.sign_in(user) for _ in range(2)]

    answers = await asyncio.gather(
        *(visitor.delete_account(each.access, user.password) for each in own),
        *(visitor.login(user.credentials) for _ in range(4)),
    )

    assert [answer.status_code for answer in answers[:2]].count(200) == 1
    for login in answers[2:]:
        if login.is_success:
            me = await visitor.me(login.json()["accessToken"])
            assert_problem(me, 401, "access_token_invalid")
