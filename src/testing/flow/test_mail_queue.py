"""Mails that are not sent yet, and test mails, as administrators see them."""

import asyncio
from typing import Final

import httpx
import pytest

from latchkey.testing.flow.expectations import assert_invalid, assert_problem, assert_status
from latchkey.testing.flow.fixtures import Deploy, new_email
from latchkey.testing.flow.mailbox import mailbox, mails
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio

MEMBERS: Final = {"id", "kind", "to", "userId", "attempts", "nextAttemptAt", "failure"}
NOWHERE: Final = {
    "SMTP_URL": "smtp://127.0.0.1:9?tls=none",
    "MAIL_FROM": "no-reply@example.com",
    "MAIL_CONTACT": "help@example.com",
    "REGISTRATION": "open",
}
"""A mail server that nobody reaches."""


@pytest.mark.promise("F76", "ML16")
async def test_a_test_mail_is_sent(visitor: Visitor, admin: SignedIn) -> None:
    email = new_email()
    await mailbox(visitor, email)

    answer = await visitor.send_test_mail(admin.access, f" {email} ")

    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        pytest.skip("needs MAIL_LIMIT_SOURCE=off")
    assert_status(answer, 202)
    assert set(answer.json()) == {"message"}
    [mail] = await mails(visitor, email, 1)
    assert "/link/" not in mail["text"]


@pytest.mark.promise("ML16", "K8")
async def test_a_test_mail_needs_an_address(visitor: Visitor, admin: SignedIn) -> None:
    assert_invalid(await visitor.send_test_mail(admin.access, "nobody"), "email")


@pytest.mark.promise("ML16", "PR4")
async def test_an_address_gets_only_so_many_test_mails(deploy: Deploy) -> None:
    deployment = await deploy(MAIL_LIMIT_ADDRESS="2/1h")
    assert deployment.admin is not None
    async with deployment.client() as http:
        visitor = Visitor(http=http, cookie_name=deployment.cookie_name)
        admin = await visitor.sign_in(deployment.admin)
        email = new_email()

        answers = [await visitor.send_test_mail(admin.access, email) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [202, 202, 429]
    assert_problem(answers[2], 429, "too_many_mails")


async def _unsent(visitor: Visitor) -> list[str]:
    """Ask for two mails, which nobody can send. Return the addresses, newest first."""
    emails = [new_email(), new_email()]
    for email in emails:
        assert_status(await visitor.register(email), 202)
        await asyncio.sleep(0.002)  # an id has the time to the millisecond
    return emails[::-1]


@pytest.mark.promise("F73", "ML15", "G2")
async def test_mails_that_wait_are_listed_without_their_links(deploy: Deploy) -> None:
    deployment = await deploy(has_admin=True, **NOWHERE)
    assert deployment.admin is not None
    async with deployment.client() as http:
        visitor = Visitor(http=http, cookie_name=deployment.cookie_name)
        admin = await visitor.sign_in(deployment.admin)
        emails = await _unsent(visitor)
        first = await visitor.mails(admin.access, limit=1, status="waiting")
        cursor = first.json()["nextCursor"]
        second = await visitor.mails(admin.access, limit=1, cursor=cursor)
        failed = await visitor.mails(admin.access, status="failed")

    [late], [early] = first.json()["items"], second.json()["items"]
    assert [late["to"], early["to"]] == emails
    for item in (late, early):
        assert set(item) == MEMBERS
        assert (item["kind"], item["userId"], item["failure"]) == ("registration", None, None)
        assert item["nextAttemptAt"] is not None
    assert "/link/" not in first.text
    assert (failed.status_code, failed.json()["items"]) == (200, [])


@pytest.mark.promise("F73", "G1", "G2")
@pytest.mark.parametrize(
    ("query", "field"),
    [({"status": "lost"}, "status"), ({"limit": 0}, "limit"), ({"cursor": "x"}, "cursor")],
)
async def test_a_page_of_mails_needs_parameters_of_this_list(
    visitor: Visitor, admin: SignedIn, query: dict[str, object], field: str
) -> None:
    assert_invalid(await visitor.mails(admin.access, **query), field)


@pytest.mark.promise("ML15", "ML16", "K15")
@pytest.mark.requirement("AZ-1")
async def test_only_administrators_see_mails_and_send_test_mails(
    visitor: Visitor, reader: SignedIn
) -> None:
    assert_problem(await visitor.mails(reader.access), 403, "insufficient_role")
    assert_problem(await visitor.send_test_mail(reader.access, ""), 403, "insufficient_role")
