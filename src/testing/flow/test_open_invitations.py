"""Invitations that were not used yet: administrators see them, and can withdraw them."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest

from latchkey.testing.flow.deployments import GOOD_PASSWORD, Deployment
from latchkey.testing.flow.expectations import (
    assert_invalid,
    assert_link_ended,
    assert_problem,
    assert_status,
)
from latchkey.testing.flow.fixtures import new_email
from latchkey.testing.flow.mailbox import INVITED, invitation_token, mails
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio

NAME = "Grace Hopper"
MOMENT = timedelta(milliseconds=2)


async def _invited(visitor: Visitor, admin: SignedIn, email: str, role: str = "USER") -> str:
    """Invite somebody, which must be allowed, and return the invitation's id."""
    answer = await visitor.invite(admin.access, email, role)
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        pytest.skip("needs MAIL_LIMIT_SOURCE=off")
    if answer.status_code == httpx.codes.FORBIDDEN:
        pytest.skip("needs a deployment that sends mail, and REGISTRATION other than off")
    assert_status(answer, 201)
    return str(answer.json()["id"])


async def _is_listed(visitor: Visitor, admin: SignedIn, email: str) -> bool:
    answer = await visitor.invitations(admin.access, limit=100)
    assert_status(answer, 200)
    return email in [item["email"] for item in answer.json()["items"]]


@pytest.mark.promise("F71", "RG10", "G2")
async def test_open_invitations_are_listed_newest_first_without_their_links(
    visitor: Visitor, admin: SignedIn, deployment: Deployment
) -> None:
    first, second = new_email(), new_email()
    ids = [await _invited(visitor, admin, first)]
    await deployment.outlast(MOMENT)
    ids.append(await _invited(visitor, admin, second, "ADMIN"))

    newest = await visitor.invitations(admin.access, limit=1)
    cursor = newest.json()["nextCursor"]
    next_one = await visitor.invitations(admin.access, limit=1, cursor=cursor)

    [late], [early] = newest.json()["items"], next_one.json()["items"]
    assert set(newest.json()) == {"items", "nextCursor"}
    assert set(late) == {"id", "email", "role", "expiresAt"}
    assert [early["id"], late["id"]] == ids
    assert [(each["email"], each["role"]) for each in (early, late)] == [
        (first, "USER"),
        (second, "ADMIN"),
    ]


@pytest.mark.promise("RG10", "RG7")
async def test_an_address_that_is_invited_again_is_listed_once(
    visitor: Visitor, admin: SignedIn, deployment: Deployment
) -> None:
    email = new_email()
    await _invited(visitor, admin, email)
    await deployment.outlast(MOMENT)
    again = await _invited(visitor, admin, email)

    answer = await visitor.invitations(admin.access, limit=100)

    assert [each["id"] for each in answer.json()["items"] if each["email"] == email] == [again]


@pytest.mark.promise("RG10")
async def test_an_invitation_that_was_used_is_not_listed(visitor: Visitor, admin: SignedIn) -> None:
    email = new_email()
    token = await invitation_token(visitor, admin.access, email)
    assert await _is_listed(visitor, admin, email)

    assert_status(await visitor.complete(token, NAME, GOOD_PASSWORD), 201)

    assert not await _is_listed(visitor, admin, email)


@pytest.mark.promise("RG11", "F77", "LK9")
@pytest.mark.requirement("RG-5")
async def test_a_withdrawn_invitation_makes_no_account(visitor: Visitor, admin: SignedIn) -> None:
    email = new_email()
    first = await invitation_token(visitor, admin.access, email)
    second = await invitation_token(visitor, admin.access, email)
    invitation = await _invited(visitor, admin, email)

    answer = await visitor.withdraw(admin.access, invitation)

    assert_status(answer, 200)
    assert set(answer.json()) == {"message"}
    for token in (first, second):
        assert_link_ended(await visitor.read_link(token), "withdrawn")
        assert_link_ended(await visitor.complete(token, NAME, GOOD_PASSWORD), "withdrawn")
    assert_problem(
        await visitor.login({"email": email, "password": GOOD_PASSWORD}), 401, "invalid_credentials"
    )
    assert not await _is_listed(visitor, admin, email)


@pytest.mark.promise("RG11")
async def test_a_repeated_withdrawal_gets_the_same_response(
    visitor: Visitor, admin: SignedIn
) -> None:
    invitation = await _invited(visitor, admin, new_email())
    first = await visitor.withdraw(admin.access, invitation)

    again = await visitor.withdraw(admin.access, invitation)
    unknown = await visitor.withdraw(admin.access, str(uuid4()))

    for answer in (first, again, unknown):
        assert (answer.status_code, answer.json()) == (200, first.json())


@pytest.mark.promise("RG11")
async def test_an_address_can_be_invited_again_after_a_withdrawal(
    visitor: Visitor, admin: SignedIn
) -> None:
    email = new_email()
    invitation = await _invited(visitor, admin, email)
    await mails(visitor, email, 1, INVITED)  # the next one has the other link
    await visitor.withdraw(admin.access, invitation)

    token = await invitation_token(visitor, admin.access, email, "ADMIN")

    answer = await visitor.complete(token, NAME, GOOD_PASSWORD)
    assert (answer.status_code, answer.json()["role"]) == (201, "ADMIN")


@pytest.mark.promise("RG11", "RG8")
async def test_an_invitation_is_either_used_or_withdrawn(visitor: Visitor, admin: SignedIn) -> None:
    email = new_email()
    token = await invitation_token(visitor, admin.access, email)
    invitation = await _invited(visitor, admin, email)

    used, withdrawn = await asyncio.gather(
        visitor.complete(token, NAME, GOOD_PASSWORD), visitor.withdraw(admin.access, invitation)
    )

    assert_status(withdrawn, 200)
    login = await visitor.login({"email": email, "password": GOOD_PASSWORD})
    assert (used.status_code, login.status_code) in {(201, 200), (410, 401)}


@pytest.mark.promise("RG11", "K9", "K15")
@pytest.mark.requirement("RG-5")
async def test_only_an_administrator_sees_and_withdraws_invitations(
    visitor: Visitor, admin: SignedIn, somebody: SignedIn
) -> None:
    email = new_email()
    invitation = await _invited(visitor, admin, email)

    assert_problem(await visitor.invitations(somebody.access), 403, "insufficient_role")
    assert_problem(await visitor.withdraw(somebody.access, invitation), 403, "insufficient_role")
    assert_problem(await visitor.withdraw(admin.access, "nobody"), 404, "not_found")
    assert await _is_listed(visitor, admin, email)


@pytest.mark.promise("F71", "G1", "G2")
async def test_a_page_of_invitations_needs_a_limit_and_a_cursor_of_this_list(
    visitor: Visitor, admin: SignedIn
) -> None:
    assert_invalid(await visitor.invitations(admin.access, limit=101), "limit")
    assert_invalid(await visitor.invitations(admin.access, cursor="x"), "cursor")
