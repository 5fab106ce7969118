"""The last administrator, who cannot leave."""

import asyncio

import pytest

from latchkey.domain.accounts.user import Role
from latchkey.testing.flow.deployments import GOOD_PASSWORD, Account
from latchkey.testing.flow.expectations import assert_problem, assert_status
from latchkey.testing.flow.fixtures import Deploy, new_email
from latchkey.testing.flow.visitor import Visitor

pytestmark = pytest.mark.anyio


@pytest.mark.promise("AC3")
@pytest.mark.requirement("EC-6")
async def test_the_only_enabled_administrator_cannot_be_deleted(deploy: Deploy) -> None:
    deployment = await deploy()
    if deployment.admin is None or deployment.operator is None:
        pytest.skip("needs an administrator, and an operator's access besides the API")
    async with deployment.client() as http:
        visitor = Visitor(http=http, cookie_name=deployment.cookie_name)
        own, second = await visitor.sign_in(deployment.admin), Account(email=new_email())
        alone = await visitor.delete_account(own.access, own.account.password)
        await deployment.operator.create(second, Role.ADMIN)
        await deployment.operator.disable(second.email)

        with_disabled = await visitor.delete_account(own.access, own.account.password)

        for refused in (alone, with_disabled):
            assert_problem(refused, 409, "last_admin")
        assert_status(await visitor.users(own.access), 200)


@pytest.mark.promise("AC3", "B2")
@pytest.mark.requirement("EC-6")
async def test_of_administrators_who_delete_themselves_at_once_one_is_left(deploy: Deploy) -> None:
    deployment = await deploy()
    if deployment.admin is None or deployment.operator is None:
        pytest.skip("needs an administrator, and an operator's access besides the API")
    others = [Account(email=new_email()) for _ in range(2)]
    async with deployment.client() as http:
        visitor = Visitor(http=http, cookie_name=deployment.cookie_name)
        for other in others:
            await deployment.operator.create(other, Role.ADMIN)
        admins = [await visitor.sign_in(each) for each in (deployment.admin, *others)]

        answers = await asyncio.gather(
            *(visitor.delete_account(each.access, each.account.password) for each in admins)
        )
        opened = await visitor.bootstrap(
            {"email": new_email(), "password": GOOD_PASSWORD, "name": "Mallory"}
        )

        assert sorted(answer.status_code for answer in answers) == [200, 200, 409]
        for admin, answer in zip(admins, answers, strict=True):
            listed = await visitor.users(admin.access)
            assert_status(listed, 401 if answer.is_success else 200)
        assert opened.status_code in {403, 409}
