"""Bootstrap: the first administrator, once."""

import asyncio

import pytest

from latchkey.testing.flow.deployments import GOOD_PASSWORD, Account
from latchkey.testing.flow.expectations import (
    USER_MEMBERS,
    assert_invalid,
    assert_is_id,
    assert_problem,
    assert_status,
    check_no_cookie,
)
from latchkey.testing.flow.fixtures import Deploy, new_email
from latchkey.testing.flow.visitor import Visitor

pytestmark = pytest.mark.anyio

AT_ONCE = 20


def _wish(**other: object) -> dict[str, object]:
    return {"email": new_email(), "password": GOOD_PASSWORD, "name": "First", **other}


@pytest.mark.promise("F5", "B2", "B3", "N1")
async def test_the_first_administrator_is_created_once_and_can_log_in(deploy: Deploy) -> None:
    deployment = await deploy(has_admin=False)
    async with deployment.client() as http:
        visitor, wish = Visitor(http=http), _wish()

        first, second = await visitor.bootstrap(wish), await visitor.bootstrap(_wish())

        assert_status(first, 201)
        assert set(first.json()) == USER_MEMBERS
        assert_is_id(first.json()["id"])
        assert (first.json()["email"], first.json()["role"]) == (wish["email"], "ADMIN")
        check_no_cookie(first, "F5")
        assert_problem(second, 409, "already_bootstrapped")
        account = Account(email=str(wish["email"]))
        signed_in = await visitor.sign_in(account)
        assert_status(await visitor.users(signed_in.access), 200)


@pytest.mark.promise("B2")
@pytest.mark.requirement("BA-2")
async def test_of_twenty_concurrent_bootstraps_exactly_one_succeeds(deploy: Deploy) -> None:
    deployment = await deploy(has_admin=False)
    async with deployment.client() as http:
        visitor = Visitor(http=http)

        answers = await asyncio.gather(*(visitor.bootstrap(_wish()) for _ in range(AT_ONCE)))

        winners = [answer for answer in answers if answer.status_code == 201]
        losers = [answer for answer in answers if answer.status_code != 201]
        signed_in = await visitor.sign_in(Account(email=winners[0].json()["email"]))
        users = (await visitor.users(signed_in.access)).json()["items"]
    assert len(winners) == 1
    for answer in losers:
        assert_problem(answer, 409, "already_bootstrapped")
    assert len(users) == 1


@pytest.mark.promise("B3")
@pytest.mark.requirement("BA-4")
async def test_the_first_administrator_follows_the_rules_of_any_user(deploy: Deploy) -> None:
    deployment = await deploy(has_admin=False)
    async with deployment.client() as http:
        visitor = Visitor(http=http)

        answers = {
            ("email",): await visitor.bootstrap(_wish(email="nobody")),
            ("password",): await visitor.bootstrap(_wish(password="password1")),
            ("name",): await visitor.bootstrap(_wish(name="")),
            ("role",): await visitor.bootstrap(_wish(role="ADMIN")),
            ("email", "password", "name"): await visitor.bootstrap(
                _wish(email="nobody", password="short", name=" ")
            ),
        }

    for fields, answer in answers.items():
        assert_invalid(answer, *fields)


@pytest.mark.promise("B1", "N1")
@pytest.mark.requirement("BA-1")
async def test_a_disabled_bootstrap_creates_no_account(deploy: Deploy) -> None:
    deployment = await deploy(has_admin=False, ALLOW_BOOTSTRAP="false")
    async with deployment.client() as http:
        visitor, wish = Visitor(http=http), _wish()

        answer = await visitor.bootstrap(wish)
        login = await visitor.login({"email": wish["email"], "password": wish["password"]})

    assert_problem(answer, 403, "bootstrap_disabled")
    assert_problem(login, 401, "invalid_credentials")


@pytest.mark.promise("B2")
@pytest.mark.requirement("BA-5")
async def test_once_there_is_an_administrator_a_bootstrap_changes_and_reveals_no_account(
    visitor: Visitor, user: Account
) -> None:
    wish = {"email": user.email, "password": "another-Kettle-7", "name": "Thief"}

    answer = await visitor.bootstrap(wish)

    is_off = answer.status_code == 403
    assert_problem(
        answer,
        403 if is_off else 409,
        "bootstrap_disabled" if is_off else "already_bootstrapped",
    )
    assert_status(await visitor.login(user.credentials), 200)
