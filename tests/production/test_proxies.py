"""The proxies' files in `deploy`: what passes through them, and what they answer themselves."""

import asyncio
import re
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

import httpx
import pytest

from harness.service import Installation, Service, reserved_port
from latchkey.testing.flow.deployments import GOOD_PASSWORD
from latchkey.testing.flow.fixtures import new_email
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import Visitor
from production.deployment import ADMIN, HOST, visitor_of
from production.proxies import DEPLOY, FILES, IDLE_TIMEOUT, Proxy, proxied

pytestmark = pytest.mark.anyio

KEPT: Final = {
    "nginx": r"keepalive 32;\n +keepalive_timeout ([0-9]+)s;",
    "haproxy": r"pool-purge-delay ([0-9]+)s",
    "caddy": r"\n\t+keepalive ([0-9]+)s\n",
}
"""How long each proxy keeps an idle connection to the service, in seconds."""
ORIGINS: Final = [f"https://{HOST}", f"https://{HOST}:443", f"https://{HOST}:8443"]
PROBLEM: Final = "application/problem+json"


def code(answer: httpx.Response) -> object:
    """Return the code of one of the service's own problems."""
    assert answer.headers["content-type"] == PROBLEM
    return answer.json().get("code")


@pytest.fixture
async def visitor(proxy: Proxy) -> AsyncIterator[Visitor]:
    async with proxy.client() as http:
        yield visitor_of(http)


@pytest.mark.parametrize("origin", ORIGINS)
async def test_a_browser_logs_in_refreshes_and_logs_out(proxy: Proxy, origin: str) -> None:
    headers = {
        "Host": origin.removeprefix("https://"),
        "Origin": origin.removesuffix(":443"),
        "Sec-Fetch-Site": "same-origin",
    }
    async with proxy.client(origin, headers=headers) as http:
        visitor = visitor_of(http)
        login = await visitor.login(ADMIN.credentials)
        refresh = await visitor.refresh(SetCookie.of(login).value)
        logout = await visitor.logout(SetCookie.of(refresh).value)

    assert [answer.status_code for answer in (login, refresh, logout)] == [200, 200, 200]
    assert "cache-control" in login.headers


async def test_a_foreign_page_is_still_refused(visitor: Visitor) -> None:
    answer = await visitor.refresh("x" * 100, headers={"Origin": f"https://{HOST}:8443"})

    assert (answer.status_code, code(answer)) == (403, "origin_not_allowed")


async def test_a_host_that_is_not_ours_is_still_refused(visitor: Visitor) -> None:
    answer = await visitor.http.get("/api/auth/me", headers={"Host": "evil.example"})

    assert (answer.status_code, code(answer)) == (400, "host_not_allowed")


async def test_clients_are_told_apart_whatever_they_say(proxy: Proxy) -> None:
    wrong = {"email": new_email(), "password": GOOD_PASSWORD}
    async with proxy.client(address="127.0.0.2") as one, proxy.client(address="127.0.0.3") as two:
        first = [
            await visitor_of(one).login(wrong, headers={"X-Forwarded-For": f"203.0.113.{last}"})
            for last in range(4)
        ]
        second = await visitor_of(two).login(wrong)

    assert [answer.status_code for answer in first] == [401, 401, 401, 429]
    assert second.status_code == 401


async def test_plain_http_is_redirected_for_people_and_refused_for_programs(proxy: Proxy) -> None:
    async with proxy.client(f"http://{HOST}") as http:
        page = await http.get("/orders?after=x")
        login = await visitor_of(http).login(ADMIN.credentials)

    assert page.status_code == 301
    assert page.headers["location"] == f"https://{HOST}/orders?after=x"
    assert login.status_code == 403
    assert login.headers["content-type"] == PROBLEM
    assert login.json()["code"] == "https_required"
    assert "location" not in login.headers


@pytest.mark.requirement("RP-2")
async def test_the_token_of_a_link_is_in_no_log(proxy: Proxy) -> None:
    token = "A" * 100
    for scheme in ("http", "https"):
        async with proxy.client(f"{scheme}://{HOST}") as http:
            await http.get("/link/", params={"t": token}, headers={"Referer": f"x?t={token}"})

    async with asyncio.timeout(10):
        while proxy.logs().count("/link/") < 2:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.05)
    assert token not in proxy.logs()


async def test_a_path_passes_as_it_was_sent(visitor: Visitor) -> None:
    answer = await visitor.http.get(f"https://{HOST}//api/auth/me")

    assert (answer.status_code, code(answer)) == (404, "not_found")


async def test_an_outage_of_the_database_passes_as_the_service_tells_it(
    kind: str,
    production: Installation,
    certificate: dict[str, str],
    trust: ssl.SSLContext,
    tmp_path: Path,
) -> None:
    with ExitStack() as stack:
        gone = stack.enter_context(reserved_port())
        service = production.start(
            DATABASE_URL=f"postgresql://latchkey@127.0.0.1:{gone}/latchkey",
            TRUSTED_PROXIES="127.0.0.1/32",
            WORKERS="1",
        )
        stack.callback(service.end)
        _wait_until_live(service)
        proxy = stack.enter_context(proxied(kind, tmp_path, certificate, trust, service.port))
        async with proxy.client() as http:
            answer = await visitor_of(http).login(ADMIN.credentials)

    assert (answer.status_code, code(answer)) == (503, "storage_unavailable")
    assert int(answer.headers["retry-after"]) >= 1


async def test_an_outage_of_the_service_is_a_problem_too(
    kind: str, certificate: dict[str, str], trust: ssl.SSLContext, tmp_path: Path
) -> None:
    with (
        reserved_port() as gone,
        proxied(kind, tmp_path, certificate, trust, gone) as proxy,
    ):
        async with proxy.client() as http:
            answer = await visitor_of(http).login(ADMIN.credentials)

    assert answer.status_code == 503
    assert answer.headers["content-type"] == PROBLEM
    assert answer.json() == {"type": "about:blank", "title": "Service Unavailable", "status": 503}
    assert int(answer.headers["retry-after"]) >= 1
    assert answer.headers["cache-control"] == "no-store"


def test_a_proxy_gives_up_an_idle_connection_before_the_service_does(kind: str) -> None:
    [kept] = re.findall(KEPT[kind], (DEPLOY / FILES[kind]).read_text())

    assert 2 * int(kept) <= IDLE_TIMEOUT


async def test_a_request_after_a_pause_finds_a_connection(visitor: Visitor) -> None:
    first = await visitor.refresh("x" * 100)
    await asyncio.sleep(IDLE_TIMEOUT + 1)

    second = await visitor.refresh("x" * 100)

    assert (first.status_code, code(first)) == (401, "refresh_token_invalid")
    assert (second.status_code, code(second)) == (401, "refresh_token_invalid")


async def test_a_refresh_over_http_2_needs_no_body(proxy: Proxy) -> None:
    sent = await asyncio.create_subprocess_exec(
        *("curl", "-sk", "--http2", "--resolve", f"{HOST}:{proxy.tls}:127.0.0.1"),
        *("-H", "Transfer-Encoding: chunked", "-d", "", "-w", " %{http_version} %{http_code}"),
        f"https://{HOST}:{proxy.tls}/api/auth/refresh",
        stdout=asyncio.subprocess.PIPE,
    )
    answer, _ = await sent.communicate()

    assert b'"refresh_token_missing"' in answer
    assert answer.endswith(b" 2 401")


def _wait_until_live(service: Service) -> None:
    deadline = time.monotonic() + 60
    with httpx.Client(base_url=service.url) as http:
        while time.monotonic() < deadline:
            with suppress(httpx.TransportError):
                http.get("/health/live")
                return
            time.sleep(0.1)
