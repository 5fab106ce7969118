"""CORS: what a browser lets pages of other origins read."""

from collections.abc import AsyncIterator

import pytest

from latchkey.testing.flow.expectations import assert_status, check
from latchkey.testing.flow.fixtures import Deploy
from latchkey.testing.flow.visitor import Visitor

pytestmark = pytest.mark.anyio

LISTED = "https://app.example.com"
PATHS = ["/api/auth/me", "/health/live", "/api/nowhere", "/openapi.json"]


@pytest.fixture(scope="module")
async def listing(deploy_once: Deploy) -> AsyncIterator[Visitor]:
    deployment = await deploy_once(CORS_ORIGINS=f"{LISTED},https://other.example.com")
    async with deployment.client() as http:
        yield Visitor(http=http)


@pytest.mark.promise("X5")
async def test_a_listed_origin_may_read_every_answer_with_credentials(listing: Visitor) -> None:
    for path in PATHS:
        answer = await listing.http.get(path, headers={"Origin": LISTED})

        assert answer.headers["access-control-allow-origin"] == LISTED
        assert answer.headers["access-control-allow-credentials"] == "true"
        assert "origin" in answer.headers["vary"].lower()
        exposed = answer.headers.get("access-control-expose-headers", "").lower()
        assert "retry-after" in exposed
        check("K2", answer, "an exposed X-Request-ID", holds="x-request-id" in exposed)


@pytest.mark.promise("X5")
@pytest.mark.requirement("CK-9")
@pytest.mark.parametrize("origin", ["https://evil.example", "null", "*"])
async def test_no_other_origin_may_read_anything(listing: Visitor, origin: str) -> None:
    for path in PATHS:
        answer = await listing.http.get(path, headers={"Origin": origin})

        assert "access-control-allow-origin" not in answer.headers
        assert "access-control-allow-credentials" not in answer.headers
        assert "origin" in answer.headers["vary"].lower()


@pytest.mark.promise("X5")
async def test_an_unlisted_origin_may_not_read_anything(visitor: Visitor) -> None:
    answers = [
        await visitor.http.get(path, headers={"Origin": "https://evil.example"})
        for path in ("/api/auth/me", "/api/orders", "/api/nowhere")
    ]

    for answer in answers:
        assert "access-control-allow-origin" not in answer.headers
        assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.promise("X5")
async def test_a_listed_origins_preflight_is_answered(listing: Visitor) -> None:
    answer = await listing.http.options(
        "/api/admin/users",
        headers={
            "Origin": LISTED,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type",
        },
    )

    allowed_headers = answer.headers["access-control-allow-headers"].lower()
    assert_status(answer, 200, 204)
    assert answer.headers["access-control-allow-origin"] == LISTED
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "authorization" in allowed_headers
    assert "content-type" in allowed_headers


@pytest.mark.promise("X7")
@pytest.mark.parametrize("header", ["traceparent", "tracestate", "baggage", "sentry-trace"])
async def test_a_listed_origins_preflight_allows_the_headers_of_tracing(
    listing: Visitor, header: str
) -> None:
    answer = await listing.http.options(
        "/api/admin/users",
        headers={
            "Origin": LISTED,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": header,
        },
    )

    allowed = answer.headers["access-control-allow-headers"].lower().split(", ")
    assert header in allowed


@pytest.mark.promise("X5")
@pytest.mark.requirement("CK-9")
async def test_another_origins_preflight_allows_nothing(listing: Visitor) -> None:
    answer = await listing.http.options(
        "/api/auth/login",
        headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"},
    )

    assert not any(name.startswith("access-control-") for name in answer.headers)
