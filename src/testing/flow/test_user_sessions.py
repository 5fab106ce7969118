"""Where a user is signed in, as administrators see and end it."""

import pytest

from latchkey.testing.flow.deployments import Account
from latchkey.testing.flow.expectations import (
    assert_ended,
    assert_invalid,
    assert_problem,
    assert_status,
)
from latchkey.testing.flow.fixtures import MakeUser
from latchkey.testing.flow.jwt_anatomy import Anatomy
from latchkey.testing.flow.mailbox import mailbox, mails
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio

SIGNED_OUT = "You were signed out by an administrator"


def _session_of(signed_in: SignedIn) -> str:
    return str(Anatomy.of(signed_in.access).claims["sid"])


async def _signed_in(visitor: Visitor, account: Account, count: int) -> tuple[str, list[SignedIn]]:
    """Sign in several times; return the user's id and the sessions."""
    sessions = [await visitor.sign_in(account) for _ in range(count)]
    return (await visitor.me(sessions[0].access)).json()["id"], sessions


@pytest.mark.promise("F68", "AD7")
async def test_an_administrator_sees_the_sessions_that_the_user_sees(
    visitor: Visitor, admin: SignedIn, make_user: MakeUser
) -> None:
    user, sessions = await _signed_in(visitor, await make_user(), 3)

    answer = await visitor.user_sessions(admin.access, user, limit=2)

    own = (await visitor.sessions(sessions[0].access)).json()["items"]
    assert_status(answer, 200)
    rest = await visitor.user_sessions(admin.access, user, cursor=answer.json()["nextCursor"])
    items = answer.json()["items"] + rest.json()["items"]
    assert items == [{**item, "current": False} for item in own]
    assert rest.json()["nextCursor"] is None


@pytest.mark.promise("AD7")
async def test_the_administrators_own_session_is_the_current_one(
    visitor: Visitor, admin: SignedIn
) -> None:
    user = (await visitor.me(admin.access)).json()["id"]

    answer = await visitor.user_sessions(admin.access, user, limit=100)

    current = [item["id"] for item in answer.json()["items"] if item["current"]]
    assert current == [_session_of(admin)]


@pytest.mark.promise("F78", "AD7", "SE3")
@pytest.mark.requirement("RS-13")
async def test_an_administrator_ends_the_sessions_that_are_named(
    visitor: Visitor, admin: SignedIn, make_user: MakeUser
) -> None:
    user, [lost, kept] = await _signed_in(visitor, await make_user(), 2)
    _, [foreign] = await _signed_in(visitor, await make_user(), 1)
    named = [_session_of(lost), _session_of(foreign)]

    answer = await visitor.end_user_sessions(admin.access, user, {"sessions": named})

    assert_status(answer, 200)
    assert answer.json() == {"ended": 1}
    assert_ended(await visitor.refresh(lost.refresh), "revoked")
    assert_problem(await visitor.me(lost.access), 401, "access_token_invalid")
    assert (await visitor.refresh(kept.refresh)).is_success
    assert (await visitor.refresh(foreign.refresh)).is_success


@pytest.mark.promise("AD7", "ML13", "AD4")
async def test_all_sessions_end_and_the_user_is_told_once(
    visitor: Visitor, admin: SignedIn, make_user: MakeUser
) -> None:
    account = await make_user()
    user, sessions = await _signed_in(visitor, account, 3)
    await mailbox(visitor, account.email)

    first = await visitor.end_user_sessions(admin.access, user, {"sessions": "all"})
    again = await visitor.end_user_sessions(admin.access, user, {"sessions": "all"})

    assert (first.json(), again.json()) == ({"ended": 3}, {"ended": 0})
    for session in sessions:
        assert_ended(await visitor.refresh(session.refresh), "revoked")
    assert_status(await visitor.login(account.credentials), 200)
    told = await mails(visitor, account.email, 1, SIGNED_OUT)
    assert len(told) == 1


@pytest.mark.promise("F78", "K8")
@pytest.mark.parametrize("sessions", ["others", [], ["x"], None])
async def test_an_unclear_choice_ends_nothing(
    visitor: Visitor, admin: SignedIn, reader: SignedIn, sessions: object
) -> None:
    user = (await visitor.me(reader.access)).json()["id"]

    answer = await visitor.end_user_sessions(admin.access, user, {"sessions": sessions})

    assert_problem(answer, 400, "invalid_request")
    assert_status(await visitor.me(reader.access), 200)


@pytest.mark.promise("F68", "G1", "G2")
async def test_a_page_of_a_users_sessions_needs_a_limit_and_a_cursor_of_this_list(
    visitor: Visitor, admin: SignedIn, reader: SignedIn
) -> None:
    user = (await visitor.me(reader.access)).json()["id"]

    assert_invalid(await visitor.user_sessions(admin.access, user, limit=0), "limit")
    assert_invalid(await visitor.user_sessions(admin.access, user, cursor="x"), "cursor")
