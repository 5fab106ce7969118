"""What a collector gets of a service's requests, and what it never gets."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import pytest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from harness.collector import Collector, collecting, hanging
from harness.service import Installation, free_port
from latchkey.testing.flow.set_cookie import SetCookie
from production.deployment import ADMIN, COOKIE, HOST, PROXY, visitor_of

pytestmark = pytest.mark.anyio

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
SAMPLED: Final = {"traceparent": f"00-{TRACE}-{SPAN}-01", "tracestate": "canary=tracestate"}
REQUESTS: Final = 40
SERVED: Final = {"TRUSTED_PROXIES": "127.0.0.1/32"}
AT_ONCE: Final = {
    "OTEL_BSP_SCHEDULE_DELAY": "1",  # ms
    "OTEL_BSP_MAX_QUEUE_SIZE": "8",
    "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "4",
    "OTEL_EXPORTER_OTLP_TIMEOUT": "60",  # s
}
"""Send spans while requests are answered, and wait for the collector for long."""
ATTRIBUTES: Final = {"http.request.method", "http.route", "http.response.status_code"}


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as collector:
        yield collector


def members(attributes: Any) -> dict[str, Any]:  # noqa: ANN401 - a container of protobuf
    """Return attributes as a dict."""

    def value(each: KeyValue) -> object:
        return getattr(each.value, str(each.value.WhichOneof("value")))

    return {each.key: value(each) for each in attributes}


def named(spans: list[Span]) -> Counter[str]:
    """Count spans by name, without those of the harness that waits for the service."""
    return Counter(span.name for span in spans if "/health/" not in span.name)


async def test_each_request_of_every_worker_has_one_span_named_by_its_route(
    production: Installation, collector: Collector
) -> None:
    environ = {**SERVED, "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "WORKERS": "2"}
    with production.serving(**environ) as service:
        for _ in range(REQUESTS):
            async with service.client(PROXY) as http:  # a connection each, so both workers serve
                await http.get("/problems/not_found")
        async with service.client(PROXY | SAMPLED) as http:
            await http.get("/nowhere/at/all")
            await http.get("/api/auth/me")

    assert named(collector.spans) == {
        "GET /problems/{code}": REQUESTS,
        "GET": 1,
        "GET /api/auth/me": 1,
    }
    [me] = [span for span in collector.spans if span.name == "GET /api/auth/me"]
    assert members(me.attributes) == {
        "http.request.method": "GET",
        "http.route": "/api/auth/me",
        "http.response.status_code": 401,
    }
    assert (me.kind, me.parent_span_id, me.status.code) == (
        Span.SPAN_KIND_SERVER,
        b"",
        Status.STATUS_CODE_UNSET,
    )
    [link] = me.links
    assert (link.trace_id.hex(), link.span_id.hex()) == (TRACE, SPAN)
    assert me.trace_id.hex() != TRACE
    resource = members(collector.received[0].resource.attributes)
    assert resource["service.name"] == "latchkey"


async def test_no_span_has_anything_that_a_client_has_sent(
    production: Installation, collector: Collector
) -> None:
    canary = {"X-Request-ID": "canary-id", "User-Agent": "canary-agent", **SAMPLED}
    environ = {**SERVED, "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url}
    with production.serving(**environ) as service:
        async with service.client(PROXY | canary) as http:
            visitor = visitor_of(http)
            login = await visitor.login(ADMIN.credentials)
            token, cookie = login.json()["accessToken"], SetCookie.of(login).value
            await visitor.me(token)
            await visitor.refresh(cookie)
            await http.get("/api/orders?cursor=canary-query", headers={"Cookie": "canary=cookie"})
            await http.get("/canary-path")
            await http.request("CANARYMETHOD", "/api/auth/me")

    sent = b"".join(collector.bodies)
    secrets = (token, cookie, ADMIN.email, ADMIN.password, HOST, COOKIE, "127.0.0.1")
    assert [text for text in ("canary", "CANARY", *secrets) if text.encode() in sent] == []
    assert {key for span in collector.spans for key in members(span.attributes)} == ATTRIBUTES
    assert named(collector.spans)["_OTHER"] + named(collector.spans)["_OTHER /api/auth/me"] == 1


async def test_a_client_cannot_have_itself_sampled(
    production: Installation, collector: Collector
) -> None:
    environ = {**SERVED, "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url}
    with production.serving(**environ, OTEL_TRACES_SAMPLER_ARG="0") as service:
        async with service.client(PROXY | SAMPLED) as http:
            for _ in range(REQUESTS):
                await http.get("/problems/not_found")

    assert collector.bodies == []


@pytest.fixture(params=["away", "hangs"])
def useless(request: pytest.FixtureRequest) -> Iterator[str]:
    """Return the endpoint of a collector that takes nothing."""
    if request.param == "away":
        yield f"http://127.0.0.1:{free_port()}"
    else:
        with hanging() as url:
            yield url


async def test_a_collector_that_takes_nothing_delays_no_response_and_no_end(
    production: Installation, useless: str
) -> None:
    environ = {**SERVED, **AT_ONCE, "OTEL_EXPORTER_OTLP_ENDPOINT": useless}
    with production.serving(**environ) as service:
        async with service.client(PROXY) as http, asyncio.timeout(20):
            for _ in range(REQUESTS):
                assert (await http.get("/problems/not_found")).is_success
        began = time.monotonic()
        status = service.end()

    assert status == 0
    assert time.monotonic() - began < 20  # s; the supervisor's patience ends at 30
