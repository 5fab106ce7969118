"""The list of sessions: how old a login may be, and what a device is called."""

import re
from datetime import timedelta

import pytest

from latchkey.testing.flow.expectations import assert_ended, assert_status
from latchkey.testing.flow.fixtures import MakeUser
from latchkey.testing.flow.visitor import Visitor
from latchkey.testing.frozen_clock import FrozenClock

pytestmark = pytest.mark.anyio


@pytest.mark.promise("SE1", "SE4")
async def test_the_login_may_be_days_ago(
    visitor: Visitor, make_user: MakeUser, clock: FrozenClock
) -> None:
    account = await make_user()
    own, other = await visitor.sign_in(account), await visitor.sign_in(account)
    clock.move(timedelta(days=6))
    access = (await visitor.refresh(own.refresh)).json()["accessToken"]

    listed = await visitor.sessions(access)
    ended = await visitor.end_sessions(access, {"sessions": "others"})

    assert [item["current"] for item in listed.json()["items"]] == [False, True]
    assert_status(ended, 200)
    assert_ended(await visitor.refresh(other.refresh), "revoked")


@pytest.mark.promise("SE1")
@pytest.mark.parametrize(
    "agent", ["<script>alert(1)</script>", "Mozilla/5.0 " + "x" * 7_000, "Firefox/1 " + "(" * 7_000]
)
async def test_whatever_a_browser_calls_itself_the_list_shows_a_short_name_of_letters(
    visitor: Visitor, make_user: MakeUser, agent: str
) -> None:
    login = await visitor.login((await make_user()).credentials, headers={"User-Agent": agent})

    [item] = (await visitor.sessions(login.json()["accessToken"])).json()["items"]
    assert item["device"] is None or re.fullmatch(r"[A-Za-z0-9 ._-]{1,64}", item["device"])
