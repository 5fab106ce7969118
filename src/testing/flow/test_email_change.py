"""Another e-mail address: who is asked, who is told, and what it changes."""

import pytest

from latchkey.testing.flow.deployments import GOOD_PASSWORD, Account, Operator
from latchkey.testing.flow.expectations import (
    assert_invalid,
    assert_problem,
    assert_retry_later,
    assert_status,
    constant_body,
    member,
)
from latchkey.testing.flow.fixtures import MakeUser, new_email
from latchkey.testing.flow.mailbox import (
    ADDRESS_ASKED,
    ADDRESS_CHANGED,
    ADDRESS_TAKEN,
    NEW_ADDRESS,
    address_asked,
    address_token,
    link_in,
    mailbox,
    mails,
)
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio

WRONG = "a-wrong-guess"
MANY = 60  # more than any sensible limit


def hint(email: str) -> str:
    local, _, domain = email.partition("@")
    return f"{local[0]}…@{domain}"


@pytest.mark.promise("F59", "F55", "F60", "EC1", "EC4")
@pytest.mark.requirement("EC-1")
async def test_a_link_in_a_mail_changes_the_address(visitor: Visitor, newcomer: SignedIn) -> None:
    account, email = newcomer.account, new_email()
    token = await address_token(visitor, newcomer, f" {email} ")

    read = await visitor.read_link(token)
    before = await visitor.me(newcomer.access)
    answer = await visitor.change_email(token, account.password)

    assert_status(read, 200)
    assert (read.json()["kind"], read.json()["email"]) == ("email_change", email)
    assert before.json()["email"] == account.email
    assert_status(answer, 200)
    assert answer.json() == before.json() | {"email": email}
    assert (await visitor.me(newcomer.access)).json() == answer.json()
    login = await visitor.login({"email": email, "password": account.password})
    assert login.json()["user"] == answer.json()
    assert_problem(await visitor.login(account.credentials), 401, "invalid_credentials")


@pytest.mark.promise("EC4", "LK10")
@pytest.mark.requirement("EC-1")
async def test_sessions_go_on_and_the_next_refresh_brings_the_new_address(
    visitor: Visitor, newcomer: SignedIn, somebody: SignedIn
) -> None:
    email = new_email()
    token = await address_token(visitor, newcomer, email)
    headers = visitor.cookie(somebody.refresh) | somebody.bearer

    answer = await visitor.change_email(token, newcomer.account.password, headers=headers)

    assert_status(answer, 200)
    [cookie] = answer.headers.get_list("set-cookie")
    assert cookie.startswith(f"{visitor.cookie_name}_device=")
    refreshed = await visitor.refresh(newcomer.refresh)
    assert_status(refreshed, 200)
    me = await visitor.me(member(refreshed, "accessToken"))
    assert me.json()["email"] == email
    assert (await visitor.refresh(somebody.refresh)).is_success


@pytest.mark.promise("EC1", "EC4", "EC7", "ML9", "ML13")
@pytest.mark.requirement("EC-1")
async def test_both_addresses_are_told_and_the_old_one_gets_no_link(
    visitor: Visitor, newcomer: SignedIn
) -> None:
    account, email = newcomer.account, new_email()
    token = await address_token(visitor, newcomer, email)
    [asked] = await mails(visitor, account.email, 1, ADDRESS_ASKED)
    assert_status(await visitor.change_email(token, account.password), 200)

    [old] = await mails(visitor, account.email, 1, ADDRESS_CHANGED)
    [new] = await mails(visitor, email, 1, ADDRESS_CHANGED)

    assert hint(email) in asked["text"]
    for mail in (old, new):
        assert hint(account.email) in mail["text"]
        assert hint(email) in mail["text"]
    for mail in (asked, old):
        assert email not in mail["text"] + mail["html"]
        assert "/link/" not in mail["text"] + mail["html"]


@pytest.mark.promise("EC1", "CP1")
@pytest.mark.requirement("EC-1", "RP-6")
async def test_a_wrong_password_asks_for_nothing_and_can_be_tried_so_often(
    visitor: Visitor, newcomer: SignedIn
) -> None:
    account, email = newcomer.account, new_email()

    tries = 0
    answer = await visitor.request_email_change(newcomer.access, email, WRONG)
    assert_problem(answer, 403, "password_incorrect")
    while answer.status_code == 403 and tries < MANY:
        tries += 1
        answer = await visitor.request_email_change(newcomer.access, email, WRONG)

    assert_retry_later(answer, 429, "too_many_attempts")
    change = await visitor.change_password(newcomer.access, account.password, f"{GOOD_PASSWORD}-2")
    assert_retry_later(change, 429, "too_many_attempts")
    assert_status(await visitor.me(newcomer.access), 200)
    assert await mailbox(visitor, email) == []
    assert await mailbox(visitor, account.email, ADDRESS_ASKED) == []


@pytest.mark.promise("EC1", "K8", "A4")
async def test_a_request_needs_a_session_an_address_and_the_password(
    visitor: Visitor, newcomer: SignedIn
) -> None:
    body = {"email": new_email(), "currentPassword": newcomer.account.password}
    path, bearer = "/api/auth/email-changes", newcomer.bearer

    nobody = await visitor.http.post(path, json=body)
    missing = await visitor.http.post(path, json={"email": new_email()}, headers=bearer)
    unknown = await visitor.http.post(path, json=body | {"name": "Ada"}, headers=bearer)
    invalid = await visitor.request_email_change(
        newcomer.access, "x<victim@example.com", newcomer.account.password
    )

    assert_problem(nobody, 401, "access_token_missing")
    assert_invalid(missing, "currentPassword")
    assert_invalid(unknown, "name")
    assert_invalid(invalid, "email")


@pytest.mark.promise("EC3", "LK5")
@pytest.mark.requirement("EC-1", "RP-6")
async def test_a_wrong_password_at_the_link_leaves_it_good_and_can_be_tried_so_often(
    visitor: Visitor, newcomer: SignedIn
) -> None:
    email = new_email()
    token = await address_token(visitor, newcomer, email)

    tries = 0
    answer = await visitor.change_email(token, WRONG)
    assert_problem(answer, 403, "password_incorrect")
    while answer.status_code == 403 and tries < MANY:
        tries, answer = tries + 1, await visitor.change_email(token, WRONG)

    assert_retry_later(answer, 429, "too_many_attempts")
    assert_status(await visitor.read_link(token), 200)
    assert (await visitor.me(newcomer.access)).json()["email"] == newcomer.account.email


@pytest.mark.promise("EC2")
@pytest.mark.requirement("EC-2")
async def test_free_taken_and_disabled_addresses_get_the_same_response(
    visitor: Visitor, user: Account, make_user: MakeUser, operator: Operator
) -> None:
    taken, disabled, free = await make_user(), await make_user(), new_email()
    await operator.disable(disabled.email)

    told = []
    for email in (taken.email, disabled.email, free):
        own = await visitor.sign_in(user)  # attempts are counted in each session
        answers = [
            await visitor.request_email_change(own.access, email, user.password) for _ in range(5)
        ]
        told.append(
            [(each.status_code, constant_body(each), sorted(each.headers)) for each in answers]
        )

    assert told[0] == told[1] == told[2]
    await mails(visitor, free, 1, NEW_ADDRESS)
    assert await mailbox(visitor, taken.email, NEW_ADDRESS) == []


@pytest.mark.promise("EC2", "EM3")
@pytest.mark.requirement("EC-2")
async def test_the_owner_of_a_taken_address_is_told_at_the_address_that_is_stored(
    visitor: Visitor, newcomer: SignedIn, make_user: MakeUser
) -> None:
    taken = await make_user()
    await address_asked(visitor, newcomer, taken.email.upper())

    [mail] = await mails(visitor, taken.email, 1, ADDRESS_TAKEN)

    assert mail["to"] == taken.email
    assert "/link/" not in mail["text"] + mail["html"]
    assert newcomer.account.email not in mail["text"] + mail["html"]


@pytest.mark.promise("EC5", "M3")
async def test_another_spelling_of_the_own_address_is_stored(
    visitor: Visitor, newcomer: SignedIn
) -> None:
    account = newcomer.account
    local, _, domain = account.email.partition("@")
    spelled = f"{local.upper()}@{domain}"
    token = await address_token(visitor, newcomer, spelled)

    answer = await visitor.change_email(token, account.password)

    assert answer.json()["email"] == spelled
    assert await mailbox(visitor, account.email, ADDRESS_ASKED) == []
    assert_status(await visitor.login(account.credentials), 200)
    assert len(await mails(visitor, spelled, 1, ADDRESS_CHANGED)) == 1


@pytest.mark.promise("ML10")
async def test_the_mail_is_in_the_language_of_the_request(
    visitor: Visitor, newcomer: SignedIn
) -> None:
    email = new_email()
    answer = await visitor.request_email_change(
        newcomer.access, email, newcomer.account.password, headers={"Accept-Language": "de"}
    )
    assert_status(answer, 202)

    [mail] = await mails(visitor, email, 1, "Neue Adresse bestätigen")

    assert_status(await visitor.read_link(link_in(mail)[1]), 200)
