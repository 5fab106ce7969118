"""Attacks on changes of an address, by the names under which they are known.

Source: Sudhodanan and Paverd, "Pre-hijacked accounts" (USENIX Security 2022), for the unexpired
email change and the unexpired session.
"""

import asyncio

import pytest

from latchkey.testing.flow.authenticator import enrolled
from latchkey.testing.flow.deployments import GOOD_PASSWORD, Account, Deployment
from latchkey.testing.flow.expectations import (
    assert_ended,
    assert_link_ended,
    assert_problem,
    assert_status,
)
from latchkey.testing.flow.fixtures import MakeUser, new_email
from latchkey.testing.flow.mailbox import (
    ADDRESS_ASKED,
    NEW_ADDRESS,
    address_token,
    link_in,
    mailbox,
    mails,
    reset_token,
)
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio

NEW = f"{GOOD_PASSWORD}-new"
WRONG = "a-wrong-guess"
MANY = 60  # more than any sensible limit


@pytest.mark.promise("LK8", "EC6")
@pytest.mark.requirement("EC-3")
@pytest.mark.parametrize("rescue", ["reset", "change of the password"])
async def test_an_unexpired_email_change_does_not_survive_the_rescue_of_an_account(
    visitor: Visitor, newcomer: SignedIn, rescue: str
) -> None:
    account = newcomer.account
    token = await address_token(visitor, newcomer, new_email())
    if rescue == "reset":
        reset = await reset_token(visitor, account.email)
        assert_status(await visitor.reset_password(reset, NEW), 200)
    else:
        owner = await visitor.sign_in(account)
        assert_status(await visitor.change_password(owner.access, account.password, NEW), 200)

    answers = [await visitor.change_email(token, each) for each in (account.password, NEW)]

    for answer in answers:
        assert_link_ended(answer, "superseded")
    login = await visitor.login(account.credentials | {"password": NEW})
    assert login.json()["user"]["email"] == account.email
    again = (await visitor.account(login.json()["accessToken"])).json()
    assert again["pendingEmail"] is None


@pytest.mark.promise("EC4", "PR6")
@pytest.mark.requirement("EC-3")
async def test_an_unexpired_session_ends_with_a_reset_by_the_new_address(
    visitor: Visitor, newcomer: SignedIn
) -> None:
    email = new_email()
    token = await address_token(visitor, newcomer, email)
    assert_status(await visitor.change_email(token, newcomer.account.password), 200)

    reset = await reset_token(visitor, email)
    assert_status(await visitor.reset_password(reset, NEW), 200)

    assert_ended(await visitor.refresh(newcomer.refresh), "revoked")


@pytest.mark.promise("LK8")
@pytest.mark.requirement("EC-3")
async def test_a_reset_link_in_the_old_mailbox_dies_with_the_change(
    visitor: Visitor, newcomer: SignedIn
) -> None:
    account, email = newcomer.account, new_email()
    reset = await reset_token(visitor, account.email)
    token = await address_token(visitor, newcomer, email)
    assert_status(await visitor.change_email(token, account.password), 200)

    answer = await visitor.reset_password(reset, NEW)

    assert_link_ended(answer, "superseded")
    login = await visitor.login({"email": email, "password": account.password})
    assert_status(login, 200)


@pytest.mark.promise("EC1", "EC3")
@pytest.mark.requirement("EC-1")
async def test_a_stolen_session_alone_cannot_move_the_account(
    visitor: Visitor, newcomer: SignedIn
) -> None:
    answer = await visitor.request_email_change(newcomer.access, new_email(), WRONG)

    assert_problem(answer, 403, "password_incorrect")
    assert (await visitor.account(newcomer.access)).json()["pendingEmail"] is None


@pytest.mark.promise("EC1", "EC7")
@pytest.mark.requirement("EC-1")
async def test_the_owner_hears_of_a_takeover_before_anything_has_changed(
    visitor: Visitor, newcomer: SignedIn
) -> None:
    account = newcomer.account
    token = await address_token(visitor, newcomer, new_email())
    await mails(visitor, account.email, 1, ADDRESS_ASKED)

    assert (await visitor.me(newcomer.access)).json()["email"] == account.email
    assert_status(await visitor.change_password(newcomer.access, account.password, NEW), 200)

    assert_link_ended(await visitor.change_email(token, NEW), "superseded")


@pytest.mark.promise("EC3", "F55")
@pytest.mark.requirement("EC-1")
async def test_a_mistyped_address_gives_the_account_to_nobody(
    visitor: Visitor, newcomer: SignedIn
) -> None:
    account, mistyped = newcomer.account, new_email()
    token = await address_token(visitor, newcomer, mistyped)

    read = await visitor.read_link(token)
    stranger = await visitor.change_email(token, WRONG)

    assert read.json()["email"] == mistyped
    assert account.email not in read.text
    assert_problem(stranger, 403, "password_incorrect")
    assert_status(await visitor.login(account.credentials), 200)


@pytest.mark.promise("EC3")
async def test_whoever_has_lost_the_old_mailbox_is_not_stuck(
    visitor: Visitor, newcomer: SignedIn
) -> None:
    email = new_email()
    assert_status(
        await visitor.request_email_change(newcomer.access, email, newcomer.account.password), 202
    )

    [mail] = await mails(visitor, email, 1, NEW_ADDRESS)  # and none of the old mailbox

    assert_status(await visitor.change_email(link_in(mail)[1], newcomer.account.password), 200)


@pytest.mark.promise("EC8", "EC2")
@pytest.mark.requirement("EC-4")
async def test_two_users_cannot_swap_or_share_an_address(
    visitor: Visitor, make_user: MakeUser
) -> None:
    first, second = [await visitor.sign_in(await make_user()) for _ in range(2)]
    wanted = new_email()
    tokens = [await address_token(visitor, each, wanted) for each in (first, second)]
    assert_status(await visitor.change_email(tokens[0], GOOD_PASSWORD), 200)

    late = await visitor.change_email(tokens[1], GOOD_PASSWORD)
    back = await visitor.request_email_change(second.access, wanted, GOOD_PASSWORD)

    assert_problem(late, 409, "email_taken")
    assert_status(back, 202)
    assert len(await mailbox(visitor, wanted, NEW_ADDRESS)) == 2


@pytest.mark.promise("LK2", "LK3")
@pytest.mark.requirement("EC-3")
async def test_a_link_of_one_kind_is_of_no_use_at_another_operation(
    visitor: Visitor, newcomer: SignedIn, user: Account
) -> None:
    token = await address_token(visitor, newcomer, new_email())
    reset = await reset_token(visitor, user.email)

    answers = await asyncio.gather(
        visitor.reset_password(token, NEW),
        visitor.complete(token, "Mallory", NEW),
        visitor.change_email(reset, user.password),
    )

    for answer in answers:
        assert_problem(answer, 400, "link_invalid")
    assert_status(await visitor.change_email(token, newcomer.account.password), 200)


@pytest.mark.promise("EC4", "LK8")
@pytest.mark.requirement("EC-3")
async def test_of_a_reset_by_the_old_mailbox_and_a_change_at_once_one_has_an_effect(
    visitor: Visitor, make_user: MakeUser
) -> None:
    for _ in range(3):
        own = await visitor.sign_in(await make_user())
        email = new_email()
        reset, token = await asyncio.gather(
            reset_token(visitor, own.account.email), address_token(visitor, own, email)
        )

        changed, answered = await asyncio.gather(
            visitor.change_email(token, own.account.password),
            visitor.reset_password(reset, NEW),
        )

        assert sorted([changed.status_code, answered.status_code]) == [200, 410]
        kept = {"email": email, "password": own.account.password}
        rescued = own.account.credentials | {"password": NEW}
        assert_status(await visitor.login(kept if changed.is_success else rescued), 200)


@pytest.mark.promise("C7", "F60")
async def test_guesses_at_the_new_address_do_not_lock_its_owner_out(
    visitor: Visitor, newcomer: SignedIn
) -> None:
    account, email = newcomer.account, new_email()
    token = await address_token(visitor, newcomer, email)
    device = SetCookie.of_device(await visitor.change_email(token, account.password))
    credentials = {"email": email, "password": WRONG}
    for _ in range(MANY):
        if (await visitor.login(credentials)).status_code == 429:
            break

    answer = await visitor.login(
        credentials | {"password": account.password}, headers=device.header
    )

    assert_status(answer, 200)


@pytest.mark.promise("Y16")
async def test_another_address_leaves_the_second_factor(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    known, email = await enrolled(visitor, user, deployment), new_email()
    token = await address_token(visitor, known.session, email)
    assert_status(await visitor.change_email(token, user.password), 200)

    login = await visitor.login({"email": email, "password": user.password})

    assert_problem(login, 401, "second_factor_required")
    code = await known.app.code(deployment)
    assert_status(await visitor.second_factor(login.json()["challenge"], code), 200)
