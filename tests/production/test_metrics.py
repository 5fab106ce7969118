"""The metrics of a service in production: where they are, and what is in them."""

import asyncio
import socket
from collections.abc import Iterator
from typing import NamedTuple

import httpx
import pytest

from harness.metrics import Shown, by_label, scraped
from harness.service import Installation, Service, reserved_port
from latchkey.testing.flow.set_cookie import SetCookie
from production.deployment import ADMIN, PROXY, visitor_of

pytestmark = pytest.mark.anyio


class Metered(NamedTuple):
    """A service whose metrics are on, and where they are."""

    service: Service
    port: int

    def scrape(self) -> Shown:
        return scraped(self.port)


@pytest.fixture(scope="module")
def metered(production: Installation) -> Iterator[Metered]:
    with reserved_port() as port:
        environ = {"TRUSTED_PROXIES": "127.0.0.1/32", "METRICS_PORT": str(port)}
        with production.serving(**environ) as service:
            yield Metered(service, port)


async def test_what_happens_to_sessions_is_counted(metered: Metered) -> None:
    before = metered.scrape()
    async with metered.service.client(PROXY) as http:
        visitor = visitor_of(http)
        login = await visitor.login(ADMIN.credentials)
        refresh = await visitor.refresh(SetCookie.of(login).value)
        await visitor.refresh(SetCookie.of(login).value)
        await visitor.logout(SetCookie.of(refresh).value)
        await visitor.login({**ADMIN.credentials, "password": "wrong Kettle 12"})
    after = metered.scrape()

    def more(name: str) -> dict[str, float]:
        early = by_label(before, name)
        return {
            label: value - early.get(label, 0)
            for label, value in by_label(after, name).items()
            if value != early.get(label, 0)
        }

    assert more("latchkey_logins_total") == {"succeeded": 1, "failed": 1}
    assert more("latchkey_refreshes_total") == {"rotated": 1, "replayed": 1}
    assert more("latchkey_sessions_ended_total") == {"logged_out": 1}
    assert more("latchkey_audit_events_total") == {
        "login_succeeded": 1,
        "login_failed": 1,
        "refresh_replayed": 1,
        "session_ended": 1,
    }
    async with asyncio.timeout(10):  # a worker shows it within a second
        while not metered.scrape()["latchkey_password_hash_seconds"]:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


@pytest.mark.requirement("HT-14")
async def test_the_services_own_port_has_no_metrics(metered: Metered) -> None:
    async with metered.service.client(PROXY) as http:
        answer = await http.get("/metrics")

    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/api/auth/me", 404),
        ("GET", "/metrics/x", 404),
        ("POST", "/metrics", 501),
        ("DELETE", "/metrics", 501),
    ],
)
def test_there_is_nothing_else_beside_the_metrics(
    metered: Metered, method: str, path: str, status: int
) -> None:
    answer = httpx.request(method, f"http://127.0.0.1:{metered.port}{path}")

    assert answer.status_code == status
    assert answer.headers["server"] == "latchkey"


async def test_the_doctor_knows_how_many_series_there_are(
    metered: Metered, production: Installation
) -> None:
    environ = {"TRUSTED_PROXIES": "127.0.0.1/32", "METRICS_PORT": str(metered.port)}

    ended = production.run("doctor", **environ)

    url = f"http://127.0.0.1:{metered.port}/metrics"
    line = f"ok      metrics: {len(metered.scrape())} series, served on {url}"
    assert line in ended.stdout.splitlines()
    assert ended.returncode == 0


def test_a_port_that_is_taken_is_told(production: Installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = production.run("serve", METRICS_PORT=str(taken.getsockname()[1]))

    assert ended.returncode == 1
    [line] = ended.stderr.splitlines()
    assert line.startswith(
        "METRICS_HOST, METRICS_PORT: cannot listen there (Address already in use); must "
    )
