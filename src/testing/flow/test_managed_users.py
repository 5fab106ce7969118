"""One user, as administrators see and change them."""

import asyncio
from uuid import uuid4

import httpx
import pytest

from latchkey.domain.accounts.user import Role
from latchkey.testing.flow.authenticator import enrolled
from latchkey.testing.flow.deployments import GOOD_PASSWORD, Account, Deployment, Operator
from latchkey.testing.flow.expectations import (
    USER_MEMBERS,
    assert_ended,
    assert_invalid,
    assert_link_ended,
    assert_problem,
    assert_status,
)
from latchkey.testing.flow.fixtures import Deploy, MakeUser
from latchkey.testing.flow.mailbox import LULL, mailbox, mails, reset_token, subjects
from latchkey.testing.flow.visitor import NewUser, SignedIn, Visitor

pytestmark = pytest.mark.anyio

MEMBERS = USER_MEMBERS | {"status", "createdAt", "secondFactors"}
DISABLED = "Your account was disabled"
ENABLED = "Your account was enabled again"


async def _id_of(visitor: Visitor, signed_in: SignedIn) -> str:
    return str((await visitor.me(signed_in.access)).json()["id"])


@pytest.mark.promise("F66", "F67", "AD2")
async def test_an_administrator_sees_a_user_and_sets_the_role(
    visitor: Visitor, admin: SignedIn, newcomer: SignedIn
) -> None:
    user = await _id_of(visitor, newcomer)

    seen = await visitor.user(admin.access, user)
    changed = await visitor.change_user(admin.access, user, {"role": "ADMIN"})

    assert_status(seen, 200)
    assert set(seen.json()) == MEMBERS
    assert (seen.json()["email"], seen.json()["status"]) == (newcomer.account.email, "active")
    assert_status(changed, 200)
    assert changed.json() == {**seen.json(), "role": "ADMIN"}
    assert (await visitor.user(admin.access, user)).json() == changed.json()
    assert_problem(await visitor.me(newcomer.access), 401, "access_token_invalid")
    assert (await visitor.refresh(newcomer.refresh)).is_success
    assert_status(await visitor.change_user(admin.access, user, {"role": "USER"}), 200)


@pytest.mark.promise("F66")
async def test_an_administrator_sees_which_second_factors_a_user_has(
    visitor: Visitor, admin: SignedIn, user: Account, deployment: Deployment
) -> None:
    known = await enrolled(visitor, user, deployment)
    user_id = (await visitor.me(known.session.access)).json()["id"]

    with_app = (await visitor.user(admin.access, user_id)).json()["secondFactors"]
    await visitor.remove_factors(known.session.access)
    without = (await visitor.user(admin.access, user_id)).json()["secondFactors"]

    assert (with_app, without) == (["totp"], [])


@pytest.mark.promise("K8", "F67")
@pytest.mark.parametrize("disabled", [0, 1, "true", "false", "", [], {}])
async def test_no_value_is_converted_to_a_boolean(
    visitor: Visitor, admin: SignedIn, disabled: object
) -> None:
    user = await _id_of(visitor, admin)

    answer = await visitor.change_user(admin.access, user, {"disabled": disabled})

    assert_invalid(answer, "disabled")


@pytest.mark.promise("AD2", "F67")
@pytest.mark.requirement("RS-8")
async def test_a_disabled_user_is_out_until_enabled_again(
    visitor: Visitor, admin: SignedIn, newcomer: SignedIn
) -> None:
    user = await _id_of(visitor, newcomer)

    disabled = await visitor.change_user(admin.access, user, {"disabled": True})

    assert (disabled.status_code, disabled.json()["status"]) == (200, "disabled")
    assert_ended(await visitor.refresh(newcomer.refresh), "user_disabled")
    login = await visitor.login(newcomer.account.credentials)
    assert_problem(login, 401, "invalid_credentials")

    enabled = await visitor.change_user(admin.access, user, {"disabled": False})

    assert enabled.json()["status"] == "active"
    assert_ended(await visitor.refresh(newcomer.refresh), "user_disabled")
    assert_status(await visitor.login(newcomer.account.credentials), 200)


@pytest.mark.promise("AD2", "LK8")
async def test_a_link_is_of_no_use_while_its_user_is_disabled(
    visitor: Visitor, admin: SignedIn, newcomer: SignedIn
) -> None:
    user = await _id_of(visitor, newcomer)
    token = await reset_token(visitor, newcomer.account.email)

    await visitor.change_user(admin.access, user, {"disabled": True})

    assert_link_ended(await visitor.reset_password(token, f"{GOOD_PASSWORD}-2"), "superseded")


@pytest.mark.promise("AD4", "AD2", "ML13")
async def test_the_user_is_told_of_each_change_and_of_nothing_else(
    visitor: Visitor, admin: SignedIn, newcomer: SignedIn
) -> None:
    user, email = await _id_of(visitor, newcomer), newcomer.account.email
    await mailbox(visitor, email)

    for disabled in (False, True, True, False, False):
        await visitor.change_user(admin.access, user, {"disabled": disabled})
    await visitor.change_user(admin.access, user, {"role": "USER"})
    await visitor.change_user(admin.access, user, {"role": "ADMIN"})
    await visitor.change_user(admin.access, user, {})

    await mails(visitor, email, 1, DISABLED)
    await mails(visitor, email, 1, ENABLED)
    await asyncio.sleep(LULL)
    told = subjects(await mailbox(visitor, email))
    assert (told.count(DISABLED), told.count(ENABLED)) == (1, 1)
    assert sum("role" in subject for subject in told) == 1


@pytest.mark.promise("F67", "K8")
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"role": "KING"}, "role"),
        ({"role": None}, "role"),
        ({"disabled": "yes"}, "disabled"),
        ({"name": "Ada"}, "name"),
        ({"password": GOOD_PASSWORD}, "password"),
    ],
)
async def test_anything_else_is_not_changed(
    visitor: Visitor, admin: SignedIn, reader: SignedIn, body: object, field: str
) -> None:
    user = await _id_of(visitor, reader)

    assert_invalid(await visitor.change_user(admin.access, user, body), field)


@pytest.mark.promise("F69", "AD3")
async def test_an_administrator_sends_a_user_a_link_for_a_new_password(
    visitor: Visitor, admin: SignedIn, newcomer: SignedIn
) -> None:
    user, email = await _id_of(visitor, newcomer), newcomer.account.email
    await mailbox(visitor, email)

    answer = await visitor.send_reset(admin.access, user)

    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        pytest.skip("needs MAIL_LIMIT_SOURCE=off")
    assert_status(answer, 202)
    assert set(answer.json()) == {"message"}
    assert "link" not in answer.text
    await mails(visitor, email, 1, "Set a new password")
    assert_status(await visitor.login(newcomer.account.credentials), 200)


@pytest.mark.promise("AD5", "K9")
async def test_who_is_not_there_is_not_found(visitor: Visitor, admin: SignedIn) -> None:
    for user in (str(uuid4()), "nobody"):
        for answer in (
            await visitor.user(admin.access, user),
            await visitor.change_user(admin.access, user, {"disabled": True}),
            await visitor.user_sessions(admin.access, user),
            await visitor.end_user_sessions(admin.access, user, {"sessions": "all"}),
            await visitor.send_reset(admin.access, user),
        ):
            assert_problem(answer, 404, "not_found")


@pytest.mark.promise("AD5", "K15")
@pytest.mark.requirement("AZ-1")
async def test_only_administrators_see_and_change_users(
    visitor: Visitor, somebody: SignedIn, reader: SignedIn
) -> None:
    user = await _id_of(visitor, reader)

    for answer in (
        await visitor.user(somebody.access, user),
        await visitor.change_user(somebody.access, user, {"nonsense": 1}),
        await visitor.user_sessions(somebody.access, user),
        await visitor.end_user_sessions(somebody.access, user, {"nonsense": 1}),
        await visitor.send_reset(somebody.access, user),
        await visitor.user(somebody.access, str(uuid4())),
    ):
        assert_problem(answer, 403, "insufficient_role")
    assert_status(await visitor.me(reader.access), 200)


@pytest.mark.promise("AD2", "A5")
@pytest.mark.requirement("AZ-4")
async def test_who_is_no_administrator_any_more_changes_nobody(
    visitor: Visitor, admin: SignedIn, make_user: MakeUser, newcomer: SignedIn, operator: Operator
) -> None:
    former = await make_user()
    await operator.set_role(former.email, Role.ADMIN)
    signed_in = await visitor.sign_in(former)
    user = await _id_of(visitor, newcomer)
    await operator.set_role(former.email, Role.USER)

    answer = await visitor.change_user(signed_in.access, user, {"disabled": True})

    assert_problem(answer, 401, "access_token_invalid")
    assert (await visitor.user(admin.access, user)).json()["status"] == "active"


@pytest.mark.promise("AD6", "F67")
@pytest.mark.requirement("BA-6")
@pytest.mark.parametrize("body", [{"role": "USER"}, {"disabled": True}])
async def test_the_last_administrator_stays_one(deploy: Deploy, body: object) -> None:
    deployment = await deploy()
    assert deployment.admin is not None
    async with deployment.client() as http:
        visitor = Visitor(http=http, cookie_name=deployment.cookie_name)
        admin = await visitor.sign_in(deployment.admin)
        other = Account(email="other@latchkey.example")
        created = await visitor.create_user(admin.access, NewUser.of(other, "ADMIN").body)
        rivals = [admin, await visitor.sign_in(other)]
        ids = [await _id_of(visitor, admin), str(created.json()["id"])]

        answers = await asyncio.gather(
            *(
                visitor.change_user(rival.access, user, body)
                for rival, user in zip(rivals, reversed(ids), strict=True)
            )
        )

        assert [answer.is_success for answer in answers].count(True) == 1
        left = [answer.is_success for answer in answers].index(True)
        answer = await visitor.change_user(rivals[left].access, ids[left], body)
        assert_problem(answer, 409, "last_admin")
        assert_status(await visitor.users(rivals[left].access), 200)
