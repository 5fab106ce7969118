"""Each line of the log names the request that it belongs to, and its trace."""

import asyncio
import json
from typing import Any, Final

import httpx
import pytest

from harness.service import Installation, Service, free_port
from production.deployment import ADMIN, PROXY, visitor_of

pytestmark = pytest.mark.anyio

TRACE: Final = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT: Final = f"00-{TRACE}-00f067aa0ba902b7-01"
AT_ONCE: Final = 8


def lines_of(service: Service) -> list[dict[str, Any]]:
    return [json.loads(line) for line in service.log.read_text().splitlines()]


async def test_what_happens_in_a_request_is_logged_with_its_ids_and_with_no_others(
    production: Installation,
) -> None:
    environ = {"TRUSTED_PROXIES": "127.0.0.1/32", "WORKERS": "1", "LOG_LEVEL": "info"}
    nowhere = f"postgresql://latchkey@127.0.0.1:{free_port()}/latchkey"
    traces = {f"request-{number}": f"{number + 1:032x}" for number in range(AT_ONCE)}
    service = production.start(**environ, DATABASE_URL=nowhere)
    try:
        await live(service)
        async with service.client(PROXY) as http:
            logins = (
                visitor_of(http).login(
                    ADMIN.credentials,
                    headers={"X-Request-ID": name, "traceparent": f"00-{trace}-{1:016x}-01"},
                )
                for name, trace in traces.items()
            )
            answers = await asyncio.gather(*logins)
    finally:
        service.end()

    assert {answer.status_code for answer in answers} == {503}
    lines = [line for line in lines_of(service) if line.get("request_id") in traces]
    assert {line["request_id"]: line["trace_id"] for line in lines} == traces
    assert all(line["trace_id"] == traces[line["request_id"]] for line in lines)
    events = {line["event"].partition(" to ")[0] for line in lines}
    assert events >= {"cannot connect", "storage_unavailable", "request"}


async def live(service: Service) -> None:
    """Wait until the service answers without its database."""
    async with asyncio.timeout(60), service.client() as http:
        while True:
            try:
                await http.get("/health/live")
            except httpx.TransportError:
                await asyncio.sleep(0.05)
            else:
                return


async def test_a_trace_is_in_the_log_and_nowhere_else(production: Installation) -> None:
    environ = {"TRUSTED_PROXIES": "127.0.0.1/32", "WORKERS": "1", "LOG_LEVEL": "info"}
    with production.serving(**environ) as service:
        async with service.client({**PROXY, "traceparent": TRACEPARENT}) as http:
            login = await visitor_of(http).login(ADMIN.credentials)

    [line] = [line for line in lines_of(service) if line.get("trace_id") == TRACE]
    assert line["request_id"] == login.headers["x-request-id"] != TRACE
    assert TRACE not in f"{login.headers}{login.text}"
    assert TRACE not in json.dumps(production.audited())
