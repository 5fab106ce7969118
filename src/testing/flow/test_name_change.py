"""Users who change their name."""

import pytest

from latchkey.testing.flow.expectations import (
    USER_MEMBERS,
    assert_ended,
    assert_invalid,
    assert_problem,
    assert_status,
)
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio

NEW = "Ada Lovelac\N{LATIN SMALL LETTER E WITH ACUTE}"


@pytest.mark.promise("F57", "AC6")
async def test_a_new_name_is_shown_at_once_and_ends_no_session(
    visitor: Visitor, newcomer: SignedIn
) -> None:
    answer = await visitor.change_name(newcomer.access, {"name": NEW})

    assert_status(answer, 200)
    assert set(answer.json()) == USER_MEMBERS
    assert answer.json()["name"] == NEW
    assert (await visitor.me(newcomer.access)).json() == answer.json()
    assert_status(await visitor.refresh(newcomer.refresh), 200)


@pytest.mark.promise("F57", "AC6", "B3")
@pytest.mark.parametrize(
    "name", ["", "   ", "n" * 201, "line\nfeed", "\N{RIGHT-TO-LEFT OVERRIDE}resU nimdA"]
)
async def test_a_name_that_no_user_may_have_is_rejected(
    visitor: Visitor, reader: SignedIn, name: str
) -> None:
    before = (await visitor.me(reader.access)).json()

    assert_invalid(await visitor.change_name(reader.access, {"name": name}), "name")

    assert (await visitor.me(reader.access)).json() == before


@pytest.mark.promise("AC6")
@pytest.mark.requirement("AZ-1")
@pytest.mark.parametrize(
    ("member", "value"), [("role", "ADMIN"), ("email", "x@latchkey.example"), ("id", "1")]
)
async def test_nothing_but_the_name_can_be_changed(
    visitor: Visitor, reader: SignedIn, member: str, value: str
) -> None:
    before = (await visitor.me(reader.access)).json()

    answer = await visitor.change_name(reader.access, {"name": NEW, member: value})

    assert_problem(answer, 400, "invalid_request")
    assert (await visitor.me(reader.access)).json() == before


@pytest.mark.promise("AC6", "A5")
async def test_an_ended_session_changes_no_name(visitor: Visitor, newcomer: SignedIn) -> None:
    await visitor.logout(newcomer.refresh)

    answer = await visitor.change_name(newcomer.access, {"name": NEW})

    assert_problem(answer, 401, "access_token_invalid")
    assert_ended(await visitor.refresh(newcomer.refresh), "logged_out")
