"""Mails that users get, as the mailbox of a development deployment shows them."""

import asyncio
from datetime import UTC, datetime
from typing import Final

import pytest

from latchkey.domain.accounts.user import Role
from latchkey.testing.flow.deployments import GOOD_PASSWORD, Operator
from latchkey.testing.flow.expectations import assert_status
from latchkey.testing.flow.fixtures import Deploy, MakeUser, new_email
from latchkey.testing.flow.mailbox import LULL, mailbox, mails, subjects
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import NewUser, SignedIn, Visitor

pytestmark = pytest.mark.anyio

CANARY: Final = "evil.example"
SMTP: Final = {
    "SMTP_URL": "smtp://127.0.0.1:1",
    "MAIL_FROM": "no-reply@latchkey.example",
    "MAIL_CONTACT": "help@latchkey.example",
}


@pytest.mark.promise("F75", "ML14")
async def test_the_mailbox_shows_what_a_mail_says_and_to_whom(
    visitor: Visitor, newcomer: SignedIn
) -> None:
    [mail] = await mails(visitor, newcomer.account.email, 1)

    assert set(mail) == {"id", "to", "subject", "text", "html", "at"}
    assert len(mail["id"]) == 32
    assert mail["to"] == newcomer.account.email
    assert newcomer.account.email in mail["text"]
    assert newcomer.account.email in mail["html"]
    assert datetime.fromisoformat(mail["at"]).tzinfo == UTC


@pytest.mark.promise("F75", "ML14")
async def test_the_mailbox_is_a_page_for_browsers(visitor: Visitor, newcomer: SignedIn) -> None:
    await mails(visitor, newcomer.account.email, 1)

    answer = await visitor.http.get(
        "/mailbox", params={"to": newcomer.account.email}, headers={"Accept": "text/html"}
    )

    assert_status(answer, 200)
    assert answer.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert newcomer.account.email in answer.text


@pytest.mark.promise("ML13")
async def test_a_user_is_told_what_an_operator_changes(
    visitor: Visitor, make_user: MakeUser, operator: Operator
) -> None:
    account = await make_user()

    await operator.set_role(account.email, Role.ADMIN)
    await operator.set_password(account.email, f"{GOOD_PASSWORD}-next")
    await operator.disable(account.email)
    await operator.enable(account.email)

    told = subjects(await mails(visitor, account.email, 4))
    assert sorted(told) == [
        "The role of your account was changed",
        "Your account was disabled",
        "Your account was enabled again",
        "Your password was changed",
    ]


@pytest.mark.requirement("MA-8")
@pytest.mark.promise("ML13")
async def test_a_user_is_told_of_each_sign_in_without_the_cookie_of_a_known_device(
    visitor: Visitor, make_user: MakeUser
) -> None:
    account = await make_user()

    first = await visitor.login(account.credentials)
    device = SetCookie.of_device(first).header
    known = await visitor.login(account.credentials, headers=device)
    unknown = await visitor.login(account.credentials)

    for answer in (first, known, unknown):
        assert_status(answer, 200)
    await mails(visitor, account.email, 2)
    await asyncio.sleep(LULL)
    told = subjects(await mailbox(visitor, account.email))
    assert told == ["New sign-in to your account"] * 2


@pytest.mark.requirement("MA-3")
@pytest.mark.promise("ML9")
async def test_a_mail_contains_nothing_that_a_stranger_has_typed(
    visitor: Visitor, admin: SignedIn
) -> None:
    email = new_email()
    body = NewUser(
        body={
            "email": email,
            "name": f"Look at https://{CANARY}/",
            "password": GOOD_PASSWORD,
            "role": "USER",
        }
    ).body
    assert_status(await visitor.create_user(admin.access, body), 201)
    claims = {
        "User-Agent": f"{CANARY}/1.0",
        "Accept-Language": CANARY,
        "X-Forwarded-Host": CANARY,
        "Forwarded": f"host={CANARY}",
        "X-Request-ID": CANARY,
    }
    credentials = {"email": f" {email} ", "password": GOOD_PASSWORD}

    assert_status(await visitor.login(credentials, headers=claims), 200)

    [mail] = await mails(visitor, email, 1)
    assert CANARY not in str(mail)


@pytest.mark.requirement("MA-7")
@pytest.mark.promise("ML14", "F75")
async def test_with_a_mail_server_there_is_nomailbox(deploy: Deploy) -> None:
    deployment = await deploy(has_admin=True, **SMTP)

    async with deployment.client() as http:
        answer = await http.get("/mailbox")

    assert_status(answer, 404)
