"""The lists of sessions say how each was begun (docs/flow.md, SE1)."""

import httpx
import pytest

from latchkey.testing.flow.authenticator import challenged, enrolled, opened, signed_in
from latchkey.testing.flow.deployments import GOOD_PASSWORD, Account, Deployment
from latchkey.testing.flow.expectations import assert_status
from latchkey.testing.flow.passkey_users import login_with, with_passkey
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio


def _ways(answer: httpx.Response) -> list[str | None]:
    assert_status(answer, 200)
    return [item["signedInWith"] for item in answer.json()["items"]]


@pytest.mark.promise("SE1", "F62")
async def test_a_session_tells_that_it_was_begun_with_a_password(
    visitor: Visitor, newcomer: SignedIn
) -> None:
    assert _ways(await visitor.sessions(newcomer.access)) == ["password"]


@pytest.mark.promise("SE1", "AD7", "F68")
async def test_a_session_tells_that_it_was_begun_with_a_code_and_a_refresh_changes_nothing(
    visitor: Visitor, user: Account, admin: SignedIn, deployment: Deployment
) -> None:
    known = await enrolled(visitor, user, deployment)
    with_app = await signed_in(visitor, known, deployment)
    challenge = await challenged(visitor, user)
    answer = await visitor.second_factor(challenge, known.codes[0], "recovery_code")
    later = opened(user, answer)
    await visitor.refresh(with_app.refresh)

    listed = await visitor.sessions(later.access)

    assert _ways(listed) == ["password_and_code"] * 3  # the first was opened by the confirmation
    user_id = (await visitor.me(later.access)).json()["id"]
    assert _ways(await visitor.user_sessions(admin.access, user_id)) == _ways(listed)


@pytest.mark.promise("SE1", "Y14")
async def test_a_session_tells_that_it_was_begun_with_a_passkey(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    known = await with_passkey(visitor, user, deployment)
    session = opened(user, await login_with(visitor, known))

    changed = await visitor.change_password(session.access, user.password, f"{GOOD_PASSWORD}-new")

    replacing = opened(user, changed)
    assert _ways(await visitor.sessions(replacing.access)) == ["passkey"]
    without = opened(user, await visitor.remove_factors(replacing.access))
    assert _ways(await visitor.sessions(without.access)) == ["password"]
