"""Problems explained: each code of the contract has a page."""

import pytest

from latchkey.testing.flow.document import problem_codes
from latchkey.testing.flow.expectations import PROBLEM_MEMBERS, assert_problem, assert_status
from latchkey.testing.flow.visitor import Visitor

pytestmark = pytest.mark.anyio


@pytest.mark.promise("P2", "F11")
@pytest.mark.parametrize(("code", "status"), problem_codes().items(), ids=problem_codes())
async def test_each_code_has_a_page_that_explains_it(
    visitor: Visitor, code: str, status: int
) -> None:
    answer = await visitor.http.get(f"/problems/{code}")

    assert_status(answer, 200)
    assert answer.headers["content-type"].startswith("text/html")
    assert code in answer.text
    assert str(status) in answer.text


@pytest.mark.promise("P2", "F11")
@pytest.mark.parametrize("code", ["nowhere", "INVALID_REQUEST", "<script>", "invalid_request/x"])
async def test_an_unknown_code_has_no_page(visitor: Visitor, code: str) -> None:
    answer = await visitor.http.get(f"/problems/{code}")

    assert_problem(answer, 404, "not_found")
    assert "<script>" not in answer.text


@pytest.mark.promise("P5", "P2", "P1")
async def test_a_problem_has_exactly_the_documented_members(visitor: Visitor) -> None:
    answers = {
        "invalid_request": await visitor.login({}),
        "refresh_token_missing": await visitor.refresh(None),
        "not_found": await visitor.http.get("/api/nowhere"),
    }

    for code, answer in answers.items():
        problem = assert_problem(answer, answer.status_code, code)
        added = {"errors"} if code == "invalid_request" else set()
        assert set(problem) == {*PROBLEM_MEMBERS, *added}


@pytest.mark.promise("P3")
@pytest.mark.requirement("PW-11", "AT-16", "HT-10", "ER-2")
async def test_a_problem_does_not_repeat_the_request(visitor: Visitor) -> None:
    canary = "canary-8c1f4d"
    answers = [
        await visitor.login({"email": f"{canary}@example.com", "password": canary}),
        await visitor.login({"email": [canary], "password": canary}),
        await visitor.refresh(canary),
        await visitor.me(canary),
        await visitor.http.get(f"/api/{canary}", params={"q": canary}),
        await visitor.http.request(canary.upper(), "/api/auth/me"),
        await visitor.http.post("/api/auth/login", content=f'{{"{canary}'.encode()),
        await visitor.bootstrap({"email": canary, "password": canary, "name": canary}),
    ]

    for answer in answers:
        assert answer.is_error
        assert canary not in answer.text.lower()
        assert canary not in str(answer.headers).lower()
