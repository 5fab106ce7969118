"""Problems explained: each code of the contract has a page."""

import pytest

from contract.flow.document import problem_codes
from contract.flow.expectations import assert_problem
from contract.flow.visitor import Visitor

pytestmark = pytest.mark.anyio


@pytest.mark.step("P2", "F11")
@pytest.mark.parametrize(("code", "status"), problem_codes().items(), ids=problem_codes())
async def test_each_code_has_a_page_that_explains_it_to_people(
    visitor: Visitor, code: str, status: int
) -> None:
    answer = await visitor.http.get(f"/problems/{code}")

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert code in answer.text
    assert str(status) in answer.text


@pytest.mark.step("P2", "F11", "P1")
@pytest.mark.parametrize("code", ["nowhere", "INVALID_REQUEST", "<script>", "invalid_request/x"])
async def test_another_code_has_none(visitor: Visitor, code: str) -> None:
    answer = await visitor.http.get(f"/problems/{code}")

    assert_problem(answer, 404, "not_found")
    assert "<script>" not in answer.text


@pytest.mark.step("P3")
@pytest.mark.requirement("PW-11", "AT-16", "HT-10", "ER-2")
async def test_a_problem_repeats_nothing_of_the_request(visitor: Visitor) -> None:
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
        assert answer.status_code >= 400
        assert canary not in answer.text.lower()
        assert canary not in str(answer.headers).lower()
