"""Pending changes of an address: how many there are, what ends them, and who wins."""

import asyncio
from datetime import timedelta

import pytest

from latchkey.testing.flow.deployments import GOOD_PASSWORD, Account, Operator
from latchkey.testing.flow.expectations import (
    USER_MEMBERS,
    assert_link_ended,
    assert_problem,
    assert_status,
)
from latchkey.testing.flow.fixtures import MakeUser, new_email
from latchkey.testing.flow.mailbox import (
    NEW_ADDRESS,
    address_asked,
    address_token,
    link_in,
    mails,
    registration_tokens,
)
from latchkey.testing.flow.visitor import NewUser, SignedIn, Visitor
from latchkey.testing.frozen_clock import FrozenClock

pytestmark = pytest.mark.anyio

NEW = f"{GOOD_PASSWORD}-new"
WRONG = "a-wrong-guess"


async def pending(visitor: Visitor, access: str) -> str | None:
    answer = await visitor.account(access)
    assert_status(answer, 200)
    assert set(answer.json()) == USER_MEMBERS | {"createdAt", "pendingEmail"}
    found: str | None = answer.json()["pendingEmail"]
    return found


@pytest.mark.promise("F56", "EC6")
@pytest.mark.requirement("EC-3")
async def test_a_pending_change_is_shown_until_it_is_made(
    visitor: Visitor, newcomer: SignedIn
) -> None:
    email = new_email()
    shown = [await pending(visitor, newcomer.access)]
    token = await address_token(visitor, newcomer, email)
    shown.append(await pending(visitor, newcomer.access))
    await visitor.change_email(token, newcomer.account.password)

    shown.append(await pending(visitor, newcomer.access))

    assert shown == [None, email, None]
    assert (await visitor.account(newcomer.access)).json()["email"] == email


@pytest.mark.promise("F61", "EC6")
@pytest.mark.requirement("EC-3")
async def test_a_pending_change_can_be_withdrawn_also_twice(
    visitor: Visitor, newcomer: SignedIn
) -> None:
    token = await address_token(visitor, newcomer, new_email())

    answers = [await visitor.cancel_email_change(newcomer.access) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert set(answers[0].json()) == {"message"}
    assert await pending(visitor, newcomer.access) is None
    assert_link_ended(await visitor.change_email(token, newcomer.account.password), "withdrawn")
    assert (await visitor.me(newcomer.access)).json()["email"] == newcomer.account.email


@pytest.mark.promise("EC6", "LK7")
@pytest.mark.requirement("EC-3")
async def test_only_the_last_request_counts(visitor: Visitor, newcomer: SignedIn) -> None:
    password, last = newcomer.account.password, new_email()
    first = await address_token(visitor, newcomer, new_email())
    second = await address_token(visitor, newcomer, last)

    early = await visitor.change_email(first, password)

    assert_link_ended(early, "withdrawn")
    assert await pending(visitor, newcomer.access) == last
    assert_status(await visitor.change_email(second, password), 200)


@pytest.mark.promise("EC6", "LK2")
async def test_a_link_expires(visitor: Visitor, newcomer: SignedIn, clock: FrozenClock) -> None:
    token = await address_token(visitor, newcomer, new_email())
    clock.move(timedelta(hours=24))
    again = await visitor.sign_in(newcomer.account)

    assert_link_ended(await visitor.change_email(token, newcomer.account.password), "expired")
    assert await pending(visitor, again.access) is None


@pytest.mark.promise("LK4", "LK5", "EC4")
@pytest.mark.requirement("EC-3")
async def test_the_same_request_many_times_at_once_gets_one_response(
    visitor: Visitor, newcomer: SignedIn
) -> None:
    password = newcomer.account.password
    token = await address_token(visitor, newcomer, new_email())

    answers = await asyncio.gather(*(visitor.change_email(token, password) for _ in range(3)))
    again = await visitor.change_email(token, password)
    other = await visitor.change_email(token, WRONG)

    assert {(each.status_code, each.text) for each in (*answers, again)} == {(200, again.text)}
    assert_link_ended(other, "used")


@pytest.mark.promise("LK5")
async def test_a_used_link_does_not_bring_its_address_back(
    visitor: Visitor, newcomer: SignedIn
) -> None:
    password, last = newcomer.account.password, new_email()
    first = await address_token(visitor, newcomer, new_email())
    assert_status(await visitor.change_email(first, password), 200)
    second = await address_token(visitor, newcomer, last)
    assert_status(await visitor.change_email(second, password), 200)

    answer = await visitor.change_email(first, password)

    assert_link_ended(answer, "used")
    assert (await visitor.me(newcomer.access)).json()["email"] == last


@pytest.mark.promise("LK8")
@pytest.mark.requirement("EC-3")
async def test_a_link_is_superseded_while_the_account_is_disabled(
    visitor: Visitor, newcomer: SignedIn, operator: Operator
) -> None:
    token = await address_token(visitor, newcomer, new_email())
    await operator.disable(newcomer.account.email)

    answer = await visitor.change_email(token, newcomer.account.password)

    assert_link_ended(answer, "superseded")


@pytest.mark.promise("EC8", "EC2")
@pytest.mark.requirement("EC-4")
async def test_of_many_users_who_want_one_address_at_once_one_gets_it(
    visitor: Visitor, make_user: MakeUser
) -> None:
    email = new_email()
    rivals = [await visitor.sign_in(await make_user()) for _ in range(3)]
    for rival in rivals:
        await address_asked(visitor, rival, email)
    sent = await mails(visitor, email, len(rivals), NEW_ADDRESS)
    tokens = [link_in(mail)[1] for mail in sent]

    answers = await asyncio.gather(
        *(visitor.change_email(token, GOOD_PASSWORD) for token in tokens)
    )

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    for answer in answers:
        if answer.status_code == 409:
            assert_problem(answer, 409, "email_taken")
    found = [(await visitor.me(rival.access)).json() for rival in rivals]
    [winner] = [answer.json() for answer in answers if answer.is_success]
    assert [user for user in found if user["email"] == email] == [winner]


@pytest.mark.promise("EC8", "RG8")
@pytest.mark.requirement("EC-4")
@pytest.mark.parametrize("rival", ["registration", "creation"])
async def test_of_a_new_user_and_a_change_at_once_one_gets_the_address(
    visitor: Visitor, newcomer: SignedIn, admin: SignedIn, rival: str
) -> None:
    email = new_email()
    token = await address_token(visitor, newcomer, email)
    if rival == "registration":
        [new_user] = await registration_tokens(visitor, email)
        making = visitor.complete(new_user, "Grace", NEW)
    else:
        body = NewUser.of(Account(email=email, password=NEW)).body
        making = visitor.create_user(admin.access, body)

    changed, made = await asyncio.gather(
        visitor.change_email(token, newcomer.account.password), making
    )

    if changed.is_success:
        assert made.status_code == (410 if rival == "registration" else 409)
    else:
        assert_problem(changed, 409, "email_taken")
        assert_status(made, 201)
    password = newcomer.account.password if changed.is_success else NEW
    assert_status(await visitor.login({"email": email, "password": password}), 200)


@pytest.mark.promise("RG8", "LK8")
@pytest.mark.requirement("EC-3")
async def test_links_to_the_new_address_that_make_users_are_superseded(
    visitor: Visitor, newcomer: SignedIn
) -> None:
    email = new_email()
    [registration] = await registration_tokens(visitor, email)
    token = await address_token(visitor, newcomer, email)
    assert_status(await visitor.change_email(token, newcomer.account.password), 200)

    answer = await visitor.complete(registration, "Mallory", NEW)

    assert_link_ended(answer, "superseded")


@pytest.mark.promise("EC4", "M2")
async def test_the_former_address_is_free_for_somebody_else(
    visitor: Visitor, newcomer: SignedIn, make_user: MakeUser
) -> None:
    token = await address_token(visitor, newcomer, new_email())
    assert_status(await visitor.change_email(token, newcomer.account.password), 200)

    another = await make_user(email=newcomer.account.email, password=NEW)

    signed_in = await visitor.sign_in(another)
    theirs, ours = await visitor.me(signed_in.access), await visitor.me(newcomer.access)
    assert theirs.json()["id"] != ours.json()["id"]
