"""Invitations: who may invite, to what, and what an invitation is worth."""

import pytest

from latchkey.domain.accounts.user import Role
from latchkey.testing.flow.deployments import GOOD_PASSWORD, Account, Operator
from latchkey.testing.flow.expectations import (
    assert_invalid,
    assert_is_id,
    assert_link_ended,
    assert_problem,
    assert_status,
)
from latchkey.testing.flow.fixtures import Deploy, MakeUser, new_email
from latchkey.testing.flow.mailbox import invitation_token, mailbox, registration_tokens
from latchkey.testing.flow.set_cookie import check_no_session
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio

NAME = "Grace Hopper"
OTHER = f"{GOOD_PASSWORD}-other"


@pytest.mark.promise("F70", "F52", "F55", "RG4", "RG6")
@pytest.mark.requirement("RG-5")
@pytest.mark.parametrize("role", ["USER", "ADMIN"])
async def test_an_invitation_makes_an_account_with_its_role(
    visitor: Visitor, admin: SignedIn, role: str
) -> None:
    email = new_email()
    token = await invitation_token(visitor, admin.access, email, role)

    read = await visitor.read_link(token)
    answer = await visitor.complete(token, NAME, GOOD_PASSWORD)

    assert_status(read, 200)
    assert (read.json()["kind"], read.json()["email"]) == ("invitation", email)
    assert_status(answer, 201)
    check_no_session(answer)
    assert {**answer.json(), "id": ""} == {"id": "", "email": email, "name": NAME, "role": role}
    assert_status(await visitor.login({"email": email, "password": GOOD_PASSWORD}), 200)


@pytest.mark.promise("F70")
async def test_an_invitation_is_answered_without_its_link(
    visitor: Visitor, admin: SignedIn
) -> None:
    email = new_email()

    answer = await visitor.invite(admin.access, f" {email} ", "USER")

    assert_status(answer, 201)
    assert set(answer.json()) == {"id", "email", "role", "expiresAt"}
    assert (answer.json()["email"], answer.json()["role"]) == (email, "USER")
    assert_is_id(answer.json()["id"])


@pytest.mark.promise("RG6", "K15")
@pytest.mark.requirement("RG-5")
async def test_only_an_administrator_can_invite(visitor: Visitor, somebody: SignedIn) -> None:
    email = new_email()

    answer = await visitor.invite(somebody.access, email, "ADMIN")
    nonsense = await visitor.invite(somebody.access, "", "KING")

    assert_problem(answer, 403, "insufficient_role")
    assert_problem(nonsense, 403, "insufficient_role")
    assert await mailbox(visitor, email) == []


@pytest.mark.promise("RG6")
async def test_a_user_cannot_be_invited(visitor: Visitor, admin: SignedIn, user: Account) -> None:
    answer = await visitor.invite(admin.access, user.email.upper())

    assert_problem(answer, 409, "email_taken")


@pytest.mark.promise("RG6", "K8")
async def test_an_invitation_needs_an_address_and_a_role(visitor: Visitor, admin: SignedIn) -> None:
    assert_invalid(await visitor.invite(admin.access, "nobody"), "email")
    assert_invalid(await visitor.invite(admin.access, new_email(), "KING"), "role")


@pytest.mark.promise("RG7", "RG8", "LK7")
async def test_invitations_to_the_same_role_are_all_good_until_one_is_used(
    visitor: Visitor, admin: SignedIn
) -> None:
    email = new_email()
    first = await invitation_token(visitor, admin.access, email)
    second = await invitation_token(visitor, admin.access, email)
    assert_status(await visitor.read_link(second), 200)

    assert_status(await visitor.complete(first, NAME, GOOD_PASSWORD), 201)

    assert_link_ended(await visitor.complete(second, NAME, OTHER), "superseded")


@pytest.mark.promise("RG7", "LK9")
@pytest.mark.requirement("RG-5")
@pytest.mark.parametrize(("former", "later"), [("ADMIN", "USER"), ("USER", "ADMIN")])
async def test_an_invitation_to_another_role_withdraws_the_former_one(
    visitor: Visitor, admin: SignedIn, former: str, later: str
) -> None:
    email = new_email()
    withdrawn = await invitation_token(visitor, admin.access, email, former)
    token = await invitation_token(visitor, admin.access, email, later)

    assert_link_ended(await visitor.complete(withdrawn, NAME, OTHER), "withdrawn")
    answer = await visitor.complete(token, NAME, GOOD_PASSWORD)

    assert_status(answer, 201)
    assert answer.json()["role"] == later


@pytest.mark.promise("RG6", "LK9")
@pytest.mark.requirement("RG-5")
async def test_who_is_no_administrator_any_more_has_invited_none(
    visitor: Visitor, make_user: MakeUser, operator: Operator
) -> None:
    inviter = await make_user()
    await operator.set_role(inviter.email, Role.ADMIN)
    signed_in = await visitor.sign_in(inviter)
    raised, plain = new_email(), new_email()
    to_admin = await invitation_token(visitor, signed_in.access, raised, "ADMIN")
    to_user = await invitation_token(visitor, signed_in.access, plain, "USER")

    await operator.set_role(inviter.email, Role.USER)

    assert_link_ended(await visitor.complete(to_admin, NAME, GOOD_PASSWORD), "withdrawn")
    assert_problem(
        await visitor.login({"email": raised, "password": GOOD_PASSWORD}),
        401,
        "invalid_credentials",
    )
    assert_status(await visitor.complete(to_user, NAME, GOOD_PASSWORD), 201)


@pytest.mark.promise("RG5", "RG8")
async def test_an_invitation_keeps_nobody_from_registering(
    visitor: Visitor, admin: SignedIn
) -> None:
    email = new_email()
    invitation = await invitation_token(visitor, admin.access, email)
    [registration] = await registration_tokens(visitor, email)

    assert_status(await visitor.complete(registration, NAME, GOOD_PASSWORD), 201)

    assert_link_ended(await visitor.complete(invitation, NAME, OTHER), "superseded")


@pytest.mark.promise("RG9")
@pytest.mark.requirement("RG-4")
@pytest.mark.parametrize(("registration", "status"), [("invitation", 201), ("off", 403)])
async def test_people_can_be_invited_unless_registration_is_off(
    deploy: Deploy, registration: str, status: int
) -> None:
    deployment = await deploy(REGISTRATION=registration)
    assert deployment.admin is not None

    async with deployment.client() as http:
        visitor = Visitor(http=http, cookie_name=deployment.cookie_name)
        admin = await visitor.sign_in(deployment.admin)
        answer = await visitor.invite(admin.access, new_email())

    assert_status(answer, status)
    if status == 403:
        assert_problem(answer, 403, "registration_closed")
