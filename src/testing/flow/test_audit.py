"""The audit log, as administrators read it."""

from uuid import uuid4

import httpx
import pytest

from latchkey.testing.flow.deployments import GOOD_PASSWORD, Account
from latchkey.testing.flow.expectations import (
    assert_invalid,
    assert_is_id,
    assert_problem,
    assert_status,
)
from latchkey.testing.flow.fixtures import MakeUser
from latchkey.testing.flow.jwt_anatomy import Anatomy
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio

MEMBERS = {"id", "at", "action", "userId", "sessionId", "address", "requestId", "detail"}


async def _history(visitor: Visitor, account: Account) -> tuple[str, SignedIn]:
    """Log in, fail to, and log out. Return the user's id and the session."""
    signed_in = await visitor.sign_in(account)
    user = (await visitor.me(signed_in.access)).json()["id"]
    await visitor.login({**account.credentials, "password": f"{GOOD_PASSWORD}-wrong"})
    await visitor.logout(signed_in.refresh)
    return user, signed_in


def _actions(answer: httpx.Response) -> list[str]:
    assert_status(answer, 200)
    return [item["action"] for item in answer.json()["items"]]


@pytest.mark.promise("F72", "AU1", "AU2")
async def test_an_administrator_reads_what_happened_to_a_user(
    visitor: Visitor, admin: SignedIn, make_user: MakeUser
) -> None:
    account = await make_user()
    user, signed_in = await _history(visitor, account)
    session = Anatomy.of(signed_in.access).claims["sid"]

    answer = await visitor.audit(admin.access, user=user)

    items = [  # the mail about the sign-in may have been sent meanwhile
        item for item in answer.json()["items"] if not item["action"].startswith("mail_")
    ]
    assert [item["action"] for item in items] == [
        "session_ended",
        "login_failed",
        "login_succeeded",
        "user_created",
    ]
    assert set(answer.json()) == {"items", "nextCursor"}
    for item in answer.json()["items"]:
        assert set(item) == MEMBERS
        assert_is_id(item["id"])
        assert item["userId"] == user
    ended, _, login, _ = items
    assert (ended["sessionId"], login["sessionId"]) == (session, session)
    assert ended["detail"] == {"reason": "logged_out"}
    assert account.email not in answer.text
    assert account.password not in answer.text


@pytest.mark.promise("AU1", "G2")
async def test_conditions_hold_together_and_pages_are_complete(
    visitor: Visitor, admin: SignedIn, make_user: MakeUser
) -> None:
    user, signed_in = await _history(visitor, await make_user())
    session = Anatomy.of(signed_in.access).claims["sid"]

    of_session = await visitor.audit(admin.access, user=user, session=session)
    failed = await visitor.audit(admin.access, user=user, action="login_failed")
    neither = await visitor.audit(admin.access, session=session, action="login_failed")
    first = await visitor.audit(admin.access, user=user, limit=3)
    rest = await visitor.audit(admin.access, user=user, limit=3, cursor=first.json()["nextCursor"])

    assert _actions(of_session) == ["session_ended", "login_succeeded"]
    assert _actions(failed) == ["login_failed"]
    assert _actions(neither) == []
    newest = first.json()["items"][0]["id"]
    whole = (await visitor.audit(admin.access, user=user)).json()["items"]
    whole = [each for each in whole if each["id"] <= newest]  # a mail may be sent meanwhile
    assert first.json()["items"] + rest.json()["items"] == whole
    assert rest.json()["nextCursor"] is None


@pytest.mark.promise("AU1", "G1", "G2")
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"user": "nobody"}, "user"),
        ({"session": "none"}, "session"),
        ({"action": "tea"}, "action"),
        ({"limit": 0}, "limit"),
        ({"cursor": "x"}, "cursor"),
    ],
)
async def test_a_filter_that_matches_nothing_ever_is_rejected(
    visitor: Visitor, admin: SignedIn, query: dict[str, object], field: str
) -> None:
    assert_invalid(await visitor.audit(admin.access, **query), field)


@pytest.mark.promise("AU1")
@pytest.mark.requirement("AZ-1")
async def test_only_administrators_read_the_audit_log(visitor: Visitor, reader: SignedIn) -> None:
    assert_problem(await visitor.audit(reader.access), 403, "insufficient_role")
    assert_problem(await visitor.audit(reader.access, user="x"), 403, "insufficient_role")


@pytest.mark.promise("AU1")
async def test_of_an_unknown_user_there_are_no_events(visitor: Visitor, admin: SignedIn) -> None:
    answer = await visitor.audit(admin.access, user=uuid4())

    assert (answer.status_code, answer.json()) == (200, {"items": [], "nextCursor": None})
