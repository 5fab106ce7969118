"""Heads of requests: too large, oddly spelt, or with a header twice."""

import pytest

from latchkey.testing.flow.deployments import Deployment
from latchkey.testing.flow.expectations import assert_problem
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio

BEYOND_THE_BMP = "%F0%9F%98%80"  # one such character makes each character of a text take 4 bytes


@pytest.mark.promise("K20", "P1")
@pytest.mark.requirement("HT-6")
@pytest.mark.parametrize(
    "target",
    [
        f"/problems/{BEYOND_THE_BMP}{'x' * 600}",
        f"/api/orders/{'x' * 600}",
        f"/api/orders?cursor={'A' * 600}",
        "/api/orders?limit=1&" + "&".join(f"{number}=" for number in range(16)),
    ],
    ids=["a page", "a path", "a query", "many parameters"],
)
async def test_a_target_that_is_too_long_is_refused_signed_in_or_not(
    visitor: Visitor, reader: SignedIn, target: str
) -> None:
    bearer = {"Authorization": f"Bearer {reader.access}"}

    for headers in ({}, bearer):
        answer = await visitor.http.get(target, headers=headers)

        assert_problem(answer, 414, "uri_too_long")


@pytest.mark.promise("K20", "P1")
@pytest.mark.requirement("HT-6")
@pytest.mark.parametrize(
    "headers",
    [{"Cookie": ";" * 12_500}, {f"X-Header-{number}": "x" * 210 for number in range(60)}],
    ids=["one", "many"],
)
async def test_headers_that_are_too_large_together_are_refused(
    visitor: Visitor, headers: dict[str, str]
) -> None:
    answer = await visitor.http.post("/api/auth/refresh", headers=headers)

    assert_problem(answer, 431, "headers_too_large")


@pytest.mark.promise("K14", "K9")
@pytest.mark.requirement("HT-11")
@pytest.mark.parametrize("spelling", ["//api/auth/{}", "/%2Fapi/auth/{}", "/api//auth/{}"])
async def test_a_doubled_slash_is_an_unknown_path(
    visitor: Visitor, reader: SignedIn, deployment: Deployment, spelling: str
) -> None:
    url = deployment.base_url + spelling
    bearer = {"Authorization": f"Bearer {reader.access}"}

    login = await visitor.http.post(url.format("login"), json=reader.account.credentials)
    me = await visitor.http.get(url.format("me"), headers=bearer)

    for answer in (login, me):
        assert_problem(answer, 404, "not_found")
        assert "set-cookie" not in answer.headers


@pytest.mark.promise("X2")
@pytest.mark.requirement("CK-5")
async def test_two_origins_are_none_that_is_allowed(
    visitor: Visitor, survivor: SignedIn, deployment: Deployment
) -> None:
    own, foreign = ("Origin", deployment.base_url), ("Origin", "https://evil.example")
    cookie = ("Cookie", f"{visitor.cookie_name}={survivor.refresh}")

    for lines in ([foreign, own], [own, foreign], [own, own]):
        answer = await visitor.http.post("/api/auth/refresh", headers=[*lines, cookie])

        assert_problem(answer, 403, "origin_not_allowed")
