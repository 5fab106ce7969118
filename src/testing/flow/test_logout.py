"""Logout: always the same response, and the session has ended before it is sent."""

import pytest

from latchkey.testing.flow.expectations import assert_ended, assert_status, check, constant_body
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio


@pytest.mark.promise("F3", "O1")
async def test_a_logout_ends_the_session_and_clears_the_cookie(
    visitor: Visitor, somebody: SignedIn
) -> None:
    answer = await visitor.logout(somebody.refresh)

    assert_status(answer, 200)
    assert answer.json() == {"message": "Logged out successfully"}
    check("C4", answer, "an empty cookie", holds=SetCookie.of(answer).value == "")
    assert_ended(await visitor.refresh(somebody.refresh), "logged_out")


@pytest.mark.promise("O1")
@pytest.mark.requirement("RS-10")
@pytest.mark.parametrize("rotations", [1, 2, 3])
async def test_a_logout_with_a_retired_token_ends_the_session_too(
    visitor: Visitor, somebody: SignedIn, rotations: int
) -> None:
    newest = somebody.refresh
    for _ in range(rotations):
        newest = await visitor.successor(newest)

    await visitor.logout(somebody.refresh)

    assert_ended(await visitor.refresh(newest), "logged_out")


@pytest.mark.promise("O1")
async def test_a_logout_ends_no_other_session(visitor: Visitor, somebody: SignedIn) -> None:
    other = await visitor.sign_in(somebody.account)

    await visitor.logout(somebody.refresh)

    assert await visitor.successor(other.refresh)


@pytest.mark.promise("O2", "C4")
@pytest.mark.requirement("RS-10")
async def test_the_response_is_the_same_for_any_cookie(
    visitor: Visitor, somebody: SignedIn
) -> None:
    cookies = [somebody.refresh, somebody.refresh, "nonsense", "", None, somebody.refresh[:-1]]
    headers = {"X-Request-ID": "the-same"}

    answers = [await visitor.logout(cookie, headers=headers) for cookie in cookies]
    two = {"Cookie": "; ".join(f"{visitor.cookie_name}={value}" for value in "ab")}
    twice = await visitor.http.post("/api/auth/logout", headers=headers | two)

    for answer in (*answers, twice):
        assert_status(answer, 200)
        assert constant_body(answer) == constant_body(answers[0])
        assert answer.headers["set-cookie"] == answers[0].headers["set-cookie"]
