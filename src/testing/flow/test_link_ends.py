"""Links in mails that are used: once, in any order, and never after a change."""

import asyncio

import pytest

from latchkey.testing.flow.deployments import GOOD_PASSWORD, Account, Operator
from latchkey.testing.flow.expectations import (
    assert_ended,
    assert_invalid,
    assert_link_ended,
    assert_retry_later,
    assert_status,
    winner,
)
from latchkey.testing.flow.mailbox import reset_token, reset_tokens
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio

NEW = f"{GOOD_PASSWORD}-new"
OTHER = f"{GOOD_PASSWORD}-other"
EVIL = "evil.example"
MANY = 60  # more than any sensible limit
SCANNERS = [
    "Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0) SafeLinks",
    "Barracuda Sentinel (EE)",
    "",
]


@pytest.mark.promise("LK4")
@pytest.mark.requirement("RP-4")
async def test_of_many_uses_of_several_links_at_once_one_sets_a_password(
    visitor: Visitor, user: Account
) -> None:
    tokens = await reset_tokens(visitor, user.email, 2)
    passwords = [f"{NEW}-{number}" for number in range(4)]
    links = tokens * (len(passwords) // len(tokens))

    answers = await asyncio.gather(
        *(
            visitor.reset_password(token, password)
            for token, password in zip(links, passwords, strict=True)
        )
    )

    assert sorted(answer.status_code for answer in answers) == [200] + [410] * 3
    password = winner(passwords, answers)
    assert_status(await visitor.login(user.credentials | {"password": password}), 200)


@pytest.mark.promise("LK5")
@pytest.mark.requirement("RP-4")
async def test_a_repeated_request_gets_the_same_response_and_changes_nothing(
    visitor: Visitor, user: Account
) -> None:
    token = await reset_token(visitor, user.email)
    first = await visitor.reset_password(token, NEW)
    opened = await visitor.login(user.credentials | {"password": NEW})

    again = await visitor.reset_password(token, NEW)

    assert_status(first, 200)
    assert_status(again, 200)
    assert again.json() == first.json()
    assert (await visitor.refresh(SetCookie.of(opened).value)).is_success
    assert_link_ended(await visitor.read_link(token), "used")


@pytest.mark.promise("LK5", "LK4")
async def test_the_same_request_many_times_at_once_gets_one_response(
    visitor: Visitor, user: Account
) -> None:
    token = await reset_token(visitor, user.email)

    answers = await asyncio.gather(*(visitor.reset_password(token, NEW) for _ in range(3)))

    assert [answer.status_code for answer in answers] == [200] * 3
    assert_status(await visitor.login(user.credentials | {"password": NEW}), 200)


@pytest.mark.promise("LK5", "LK9")
@pytest.mark.requirement("RP-6")
async def test_a_used_link_with_another_password_is_used_and_tells_it_so_often(
    visitor: Visitor, user: Account
) -> None:
    token = await reset_token(visitor, user.email)
    assert_status(await visitor.reset_password(token, NEW), 200)

    tries = 0
    answer = await visitor.reset_password(token, OTHER)
    assert_link_ended(answer, "used")
    while answer.status_code == 410 and tries < MANY:
        tries, answer = tries + 1, await visitor.reset_password(token, OTHER)

    assert_retry_later(answer, 429, "too_many_attempts")
    assert_status(await visitor.login(user.credentials | {"password": NEW}), 200)


@pytest.mark.promise("LK6")
async def test_a_password_that_is_rejected_leaves_the_link_good(
    visitor: Visitor, user: Account
) -> None:
    token = await reset_token(visitor, user.email)

    for weak in ["short", "x" * 129, "password1", user.email, "abcd1234!"] * 3:
        assert_invalid(await visitor.reset_password(token, weak), "password")

    assert_status(await visitor.login(user.credentials), 200)
    assert_status(await visitor.reset_password(token, NEW), 200)


@pytest.mark.promise("LK7", "LK9")
@pytest.mark.requirement("RP-4")
async def test_all_links_are_good_until_one_is_used(visitor: Visitor, user: Account) -> None:
    first, second, third = await reset_tokens(visitor, user.email, 3)
    for token in (third, first):
        assert_status(await visitor.read_link(token), 200)

    assert_status(await visitor.reset_password(second, NEW), 200)

    for token in (first, third):
        assert_link_ended(await visitor.reset_password(token, OTHER), "superseded")
        assert_link_ended(await visitor.read_link(token), "superseded")
    assert_status(await visitor.login(user.credentials | {"password": NEW}), 200)


@pytest.mark.promise("LK8")
@pytest.mark.requirement("RP-4")
async def test_a_link_is_superseded_by_a_change_of_the_password(
    visitor: Visitor, user: Account
) -> None:
    token = await reset_token(visitor, user.email)
    signed_in = await visitor.sign_in(user)
    assert_status(await visitor.change_password(signed_in.access, user.password, OTHER), 200)

    answer = await visitor.reset_password(token, NEW)

    assert_link_ended(answer, "superseded")
    assert_status(await visitor.login(user.credentials | {"password": OTHER}), 200)


@pytest.mark.promise("LK8")
@pytest.mark.requirement("RP-4")
async def test_a_link_is_superseded_while_the_account_is_disabled(
    visitor: Visitor, user: Account, operator: Operator
) -> None:
    token = await reset_token(visitor, user.email)
    await operator.disable(user.email)

    answer = await visitor.reset_password(token, NEW)

    assert_link_ended(answer, "superseded")
    await operator.enable(user.email)
    assert_status(await visitor.login(user.credentials), 200)
    assert_status(await visitor.reset_password(token, NEW), 200)


@pytest.mark.promise("LK10")
@pytest.mark.requirement("RP-7")
async def test_a_link_opens_no_session_and_ends_none_of_others(
    visitor: Visitor, user: Account, somebody: SignedIn
) -> None:
    token = await reset_token(visitor, user.email)
    own = await visitor.sign_in(user)
    headers = visitor.cookie(somebody.refresh) | somebody.bearer

    answer = await visitor.reset_password(token, NEW, headers=headers)

    assert_status(answer, 200)
    assert set(answer.json()) == {"message"}
    [cookie] = answer.headers.get_list("set-cookie")
    assert cookie.startswith(f"{visitor.cookie_name}_device=")
    assert_ended(await visitor.refresh(own.refresh), "revoked")
    assert (await visitor.refresh(somebody.refresh)).is_success
