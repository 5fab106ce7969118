"""Links that make an account: used at once, again, with another password, or elsewhere."""

import asyncio
from datetime import timedelta

import pytest

from latchkey.testing.flow.deployments import GOOD_PASSWORD, Account
from latchkey.testing.flow.expectations import (
    assert_invalid,
    assert_link_ended,
    assert_problem,
    assert_retry_later,
    assert_status,
    winner,
)
from latchkey.testing.flow.fixtures import new_email
from latchkey.testing.flow.mailbox import (
    invitation_token,
    registration_tokens,
    reset_token,
)
from latchkey.testing.flow.visitor import NewUser, SignedIn, Visitor
from latchkey.testing.frozen_clock import FrozenClock

pytestmark = pytest.mark.anyio

NAME = "Grace Hopper"
OTHER = f"{GOOD_PASSWORD}-other"
MANY = 60  # more than any sensible limit


@pytest.mark.promise("RG8", "LK4")
@pytest.mark.requirement("RG-3")
async def test_of_many_uses_of_several_links_at_once_one_makes_an_account(
    visitor: Visitor,
) -> None:
    email = new_email()
    tokens = await registration_tokens(visitor, email, 2)
    passwords = [f"{OTHER}-{number}" for number in range(4)]

    answers = await asyncio.gather(
        *(
            visitor.complete(token, NAME, password)
            for token, password in zip(tokens * 2, passwords, strict=True)
        )
    )

    assert sorted(answer.status_code for answer in answers) == [201] + [410] * 3
    password = winner(passwords, answers)
    assert_status(await visitor.login({"email": email, "password": password}), 200)


@pytest.mark.promise("RG8")
@pytest.mark.requirement("RG-3")
async def test_of_a_registration_and_a_creation_at_once_one_makes_the_user(
    visitor: Visitor, admin: SignedIn
) -> None:
    email = new_email()
    [token] = await registration_tokens(visitor, email)
    body = NewUser.of(Account(email=email)).body

    completed, created = await asyncio.gather(
        visitor.complete(token, NAME, OTHER), visitor.create_user(admin.access, body)
    )

    if completed.is_success:
        assert_problem(created, 409, "email_taken")
    else:
        assert_link_ended(completed, "superseded")
        assert_status(created, 201)
    password = OTHER if completed.is_success else GOOD_PASSWORD
    assert_status(await visitor.login({"email": email, "password": password}), 200)


@pytest.mark.promise("LK5", "RG4")
@pytest.mark.requirement("RG-3")
async def test_a_repeated_request_gets_the_same_response(visitor: Visitor) -> None:
    [token] = await registration_tokens(visitor, new_email())
    first = await visitor.complete(token, NAME, GOOD_PASSWORD)

    again = await visitor.complete(token, NAME, GOOD_PASSWORD)
    many = await asyncio.gather(*(visitor.complete(token, NAME, GOOD_PASSWORD) for _ in range(3)))

    assert_status(first, 201)
    for answer in (again, *many):
        assert (answer.status_code, answer.json()) == (201, first.json())
    assert_link_ended(await visitor.read_link(token), "used")


@pytest.mark.promise("LK5", "LK9")
@pytest.mark.requirement("RG-3")
async def test_a_used_link_with_another_password_is_used_and_tells_it_so_often(
    visitor: Visitor,
) -> None:
    email = new_email()
    [token] = await registration_tokens(visitor, email)
    assert_status(await visitor.complete(token, NAME, GOOD_PASSWORD), 201)

    tries = 0
    answer = await visitor.complete(token, NAME, OTHER)
    assert_link_ended(answer, "used")
    while answer.status_code == 410 and tries < MANY:
        tries, answer = tries + 1, await visitor.complete(token, NAME, OTHER)

    assert_retry_later(answer, 429, "too_many_attempts")
    assert_status(await visitor.login({"email": email, "password": GOOD_PASSWORD}), 200)


@pytest.mark.promise("LK6", "RG4")
async def test_what_is_rejected_leaves_the_link_good(visitor: Visitor) -> None:
    email = new_email()
    [token] = await registration_tokens(visitor, email)

    for weak in ["short", "password1", email, f"{NAME}1"]:
        assert_invalid(await visitor.complete(token, NAME, weak), "password")
    for name in ["", " ", "x" * 201, "a\nb", "\u202eadA"]:
        assert_invalid(await visitor.complete(token, name, GOOD_PASSWORD), "name")
    assert_invalid(await visitor.complete(token, "", "short"), "name", "password")

    assert_status(await visitor.complete(token, NAME, GOOD_PASSWORD), 201)


@pytest.mark.promise("LK3", "LK2")
@pytest.mark.requirement("RG-3")
async def test_a_link_of_one_kind_is_of_no_use_at_another_operation(
    visitor: Visitor, user: Account, admin: SignedIn
) -> None:
    email = new_email()
    [registration], reset = (
        await registration_tokens(visitor, email),
        await reset_token(visitor, user.email),
    )

    invitation = await invitation_token(visitor, admin.access, email)

    answers = [
        await visitor.reset_password(registration, OTHER),
        await visitor.reset_password(invitation, OTHER),
        await visitor.change_email(registration, OTHER),
        await visitor.change_email(invitation, OTHER),
        await visitor.complete(reset, NAME, OTHER),
    ]
    assert_status(await visitor.complete(registration, NAME, GOOD_PASSWORD), 201)
    answers.append(await visitor.reset_password(registration, GOOD_PASSWORD))

    for answer in answers:
        assert_problem(answer, 400, "link_invalid")
    assert_status(await visitor.login(user.credentials), 200)


@pytest.mark.promise("RG5", "LK2")
async def test_a_registration_that_expires_keeps_nobody_from_the_address(
    visitor: Visitor, clock: FrozenClock
) -> None:
    email = new_email()
    [expired] = await registration_tokens(visitor, email)
    clock.move(timedelta(days=60))
    assert_link_ended(await visitor.complete(expired, NAME, OTHER), "expired")

    [token] = await registration_tokens(visitor, email)
    assert_status(await visitor.complete(token, NAME, GOOD_PASSWORD), 201)
    reset = await visitor.reset_password(await reset_token(visitor, email), OTHER)

    assert_status(reset, 200)
    assert_status(await visitor.login({"email": email, "password": OTHER}), 200)


@pytest.mark.promise("RG5", "RG7", "LK2")
async def test_an_invitation_that_expires_keeps_nobody_from_the_address(
    visitor: Visitor, admin: SignedIn, clock: FrozenClock
) -> None:
    email = new_email()
    expired = await invitation_token(visitor, admin.access, email, "ADMIN")
    clock.move(timedelta(days=60))
    assert_link_ended(await visitor.complete(expired, NAME, OTHER), "expired")

    again = await visitor.sign_in(admin.account)
    token = await invitation_token(visitor, again.access, email)
    made = await visitor.complete(token, NAME, GOOD_PASSWORD)

    assert_status(made, 201)
    assert made.json()["role"] == "USER"
