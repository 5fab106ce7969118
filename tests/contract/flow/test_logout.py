"""Logout: always the same answer, and the session is over before it leaves."""

import pytest

from contract.flow.expectations import assert_ended
from contract.flow.set_cookie import SetCookie
from contract.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio


@pytest.mark.step("F3", "O1")
async def test_a_logout_ends_the_session_and_clears_the_cookie(
    visitor: Visitor, somebody: SignedIn
) -> None:
    answer = await visitor.logout(somebody.refresh)

    assert answer.status_code == 200
    assert answer.json() == {"message": "Logged out successfully"}
    assert SetCookie.of(answer).value == ""
    assert_ended(await visitor.refresh(somebody.refresh), "logged_out")


@pytest.mark.step("O1")
@pytest.mark.requirement("RS-10")
@pytest.mark.parametrize("rotations", [1, 2, 3])
async def test_a_retired_token_ends_its_session_as_well(
    visitor: Visitor, somebody: SignedIn, rotations: int
) -> None:
    newest = somebody.refresh
    for _ in range(rotations):
        newest = await visitor.successor(newest)

    await visitor.logout(somebody.refresh)

    assert_ended(await visitor.refresh(newest), "logged_out")


@pytest.mark.step("O1")
async def test_a_logout_ends_one_session_and_no_other(visitor: Visitor, somebody: SignedIn) -> None:
    other = await visitor.sign_in(somebody.account)

    await visitor.logout(somebody.refresh)

    assert await visitor.successor(other.refresh)


@pytest.mark.step("O2", "C4")
@pytest.mark.requirement("RS-10")
async def test_the_answer_is_the_same_whatever_cookie_comes_with_it(
    visitor: Visitor, somebody: SignedIn
) -> None:
    cookies = [somebody.refresh, somebody.refresh, "nonsense", "", None, somebody.refresh[:-1]]
    headers = {"X-Request-ID": "the-same"}

    answers = [await visitor.logout(cookie, headers=headers) for cookie in cookies]
    twice = await visitor.http.post(
        "/api/auth/logout", headers=headers | {"Cookie": "refresh_token=a; refresh_token=b"}
    )

    seen = {
        (answer.status_code, answer.content, answer.headers["set-cookie"])
        for answer in (*answers, twice)
    }
    assert len(seen) == 1
    assert answers[0].status_code == 200
