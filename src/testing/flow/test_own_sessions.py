"""Where a user is signed in, and how a user signs out elsewhere."""

import asyncio
from datetime import datetime, timedelta
from uuid import uuid4

import httpx
import pytest

from latchkey.testing.flow.deployments import Account, Deployment
from latchkey.testing.flow.expectations import (
    assert_ended,
    assert_invalid,
    assert_is_id,
    assert_problem,
    assert_status,
)
from latchkey.testing.flow.fixtures import MakeUser
from latchkey.testing.flow.jwt_anatomy import Anatomy
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio

TIMES = {"startedAt", "lastSeenAt", "expiresAt"}
MEMBERS = {"id", "current", "device", "address", "signedInWith"} | TIMES
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


def _id_of(signed_in: SignedIn) -> str:
    session: str = Anatomy.of(signed_in.access).claims["sid"]
    return session


async def _times(visitor: Visitor, account: Account, count: int) -> list[SignedIn]:
    return [await visitor.sign_in(account) for _ in range(count)]


def _ids(answer: httpx.Response) -> list[str]:
    assert_status(answer, 200)
    return [item["id"] for item in answer.json()["items"]]


@pytest.mark.promise("SE1", "F62")
async def test_a_user_sees_each_of_their_sessions_newest_first(
    visitor: Visitor, make_user: MakeUser, deployment: Deployment
) -> None:
    account = await make_user()
    first = await visitor.sign_in(account)
    await deployment.outlast(timedelta(milliseconds=2))
    second = await visitor.sign_in(account)

    answer = await visitor.sessions(first.access)

    assert _ids(answer) == [_id_of(second), _id_of(first)]
    assert set(answer.json()) == {"items", "nextCursor"}
    for item in answer.json()["items"]:
        assert set(item) == MEMBERS
        assert_is_id(item["id"])
    assert [item["current"] for item in answer.json()["items"]] == [False, True]


@pytest.mark.promise("SE1")
async def test_a_session_tells_the_device_and_the_address_of_its_login(
    visitor: Visitor, make_user: MakeUser
) -> None:
    account = await make_user()
    answer = await visitor.login(account.credentials, headers={"User-Agent": FIREFOX})

    listed = await visitor.sessions(answer.json()["accessToken"])

    [item] = listed.json()["items"]
    assert item["device"] == "Firefox on Linux"
    assert isinstance(item["address"], str)


@pytest.mark.promise("SE1")
async def test_a_refresh_moves_last_seen_and_the_expiry_but_not_the_start(
    visitor: Visitor, make_user: MakeUser, deployment: Deployment
) -> None:
    signed_in = await visitor.sign_in(await make_user())
    [before] = (await visitor.sessions(signed_in.access)).json()["items"]
    await deployment.outlast(timedelta(seconds=1))
    await visitor.orders(signed_in.access)
    assert (await visitor.sessions(signed_in.access)).json()["items"] == [before]

    await visitor.successor(signed_in.refresh)

    [after] = (await visitor.sessions(signed_in.access)).json()["items"]
    assert after["startedAt"] == before["startedAt"]
    for member in ("lastSeenAt", "expiresAt"):
        then, now = (datetime.fromisoformat(each[member]) for each in (before, after))
        assert now - then >= timedelta(seconds=1)


@pytest.mark.promise("SE1")
async def test_what_has_ended_is_not_listed(visitor: Visitor, make_user: MakeUser) -> None:
    ended, kept = await _times(visitor, await make_user(), 2)

    await visitor.logout(ended.refresh)

    assert _ids(await visitor.sessions(kept.access)) == [_id_of(kept)]


@pytest.mark.promise("SE1", "G2")
async def test_pages_of_sessions_are_complete(visitor: Visitor, make_user: MakeUser) -> None:
    signed_in = await _times(visitor, await make_user(), 3)

    found, cursor = [], None
    while True:
        query: dict[str, object] = {} if cursor is None else {"cursor": cursor}
        answer = await visitor.sessions(signed_in[0].access, limit=2, **query)
        found += _ids(answer)
        cursor = answer.json()["nextCursor"]
        if cursor is None:
            break

    assert sorted(found) == sorted(map(_id_of, signed_in))


@pytest.mark.promise("SE2", "SE3", "F64")
@pytest.mark.requirement("RS-13")
async def test_the_sessions_that_a_user_names_end(visitor: Visitor, make_user: MakeUser) -> None:
    own, lost, kept = await _times(visitor, await make_user(), 3)

    answer = await visitor.end_sessions(own.access, {"sessions": [_id_of(lost)]})

    assert_status(answer, 200)
    assert answer.json() == {"ended": 1}
    assert_ended(await visitor.refresh(lost.refresh), "revoked")
    assert_problem(await visitor.me(lost.access), 401, "access_token_invalid")
    assert (await visitor.refresh(kept.refresh)).is_success


@pytest.mark.promise("SE2")
async def test_all_others_end_and_the_current_one_stays(
    visitor: Visitor, make_user: MakeUser
) -> None:
    own, *others = await _times(visitor, await make_user(), 3)

    answer = await visitor.end_sessions(own.access, {"sessions": "others"})

    assert answer.json() == {"ended": 2}
    for other in others:
        assert_ended(await visitor.refresh(other.refresh), "revoked")
    assert (await visitor.refresh(own.refresh)).is_success


@pytest.mark.promise("SE2", "SE3")
async def test_all_sessions_end_with_the_current_one(visitor: Visitor, make_user: MakeUser) -> None:
    own, other = await _times(visitor, await make_user(), 2)

    answer = await visitor.end_sessions(own.access, {"sessions": "all"})

    assert answer.json() == {"ended": 2}
    assert_ended(await visitor.refresh(own.refresh), "revoked")
    assert_ended(await visitor.refresh(other.refresh), "revoked")
    assert_problem(await visitor.sessions(own.access), 401, "access_token_invalid")


@pytest.mark.promise("SE2")
async def test_foreign_unknown_and_ended_sessions_count_nothing_and_say_nothing(
    visitor: Visitor, make_user: MakeUser
) -> None:
    own, ended = await _times(visitor, await make_user(), 2)
    foreign = await visitor.sign_in(await make_user())
    await visitor.logout(ended.refresh)

    named = [_id_of(foreign), _id_of(ended), str(uuid4())]
    answer = await visitor.end_sessions(own.access, {"sessions": named})

    assert_status(answer, 200)
    assert answer.json() == {"ended": 0}
    assert (await visitor.refresh(foreign.refresh)).is_success
    assert_ended(await visitor.refresh(ended.refresh), "logged_out")


@pytest.mark.promise("SE2")
async def test_of_many_requests_at_once_one_ends_a_session(
    visitor: Visitor, make_user: MakeUser
) -> None:
    own, lost = await _times(visitor, await make_user(), 2)
    body = {"sessions": [_id_of(lost)]}

    answers = await asyncio.gather(*(visitor.end_sessions(own.access, body) for _ in range(8)))

    assert sorted(answer.json()["ended"] for answer in answers) == [0] * 7 + [1]


@pytest.mark.promise("SE2", "K8")
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"sessions": []},
        {"sessions": [str(uuid4())] * 101},
        {"sessions": ["x"]},
        {"sessions": "mine"},
        {"sessions": "all", "ids": [str(uuid4())]},
        {"sessions": None},
        {"sessions": {"scope": "all"}},
    ],
)
async def test_an_unclear_choice_is_rejected_and_ends_nothing(
    visitor: Visitor, reader: SignedIn, body: object
) -> None:
    answer = await visitor.end_sessions(reader.access, body)

    assert_problem(answer, 400, "invalid_request")
    assert _id_of(reader) in _ids(await visitor.sessions(reader.access, limit=100))


@pytest.mark.promise("SE4")
async def test_no_password_is_asked_for(visitor: Visitor, make_user: MakeUser) -> None:
    own = await visitor.sign_in(await make_user())

    answer = await visitor.end_sessions(
        own.access, {"sessions": "others", "currentPassword": "anything"}
    )

    assert_invalid(answer, "currentPassword")
    assert_status(await visitor.end_sessions(own.access, {"sessions": "others"}), 200)


@pytest.mark.promise("SE3")
async def test_whoever_signed_out_everywhere_can_log_in_again(
    visitor: Visitor, make_user: MakeUser
) -> None:
    account = await make_user()
    own = await visitor.sign_in(account)
    await visitor.end_sessions(own.access, {"sessions": "all"})

    answer = await visitor.login(account.credentials)

    assert (await visitor.refresh(SetCookie.of(answer).value)).is_success
