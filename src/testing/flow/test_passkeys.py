"""Passkeys sign in by themselves (docs/flow.md, Y8 to Y11)."""

import pytest

from latchkey.testing.flow.deployments import Deployment
from latchkey.testing.flow.expectations import assert_status
from latchkey.testing.flow.fixtures import MakeUser
from latchkey.testing.flow.passkey_users import login_with, with_passkey
from latchkey.testing.flow.visitor import Visitor

pytestmark = pytest.mark.anyio


@pytest.mark.promise("Y10")
async def test_a_passkey_alone_signs_in(
    visitor: Visitor, make_user: MakeUser, deployment: Deployment
) -> None:
    user = await with_passkey(visitor, await make_user(), deployment)

    answer = await login_with(visitor, user)

    assert_status(answer, 200)
    assert answer.json()["user"]["email"] == user.account.email
