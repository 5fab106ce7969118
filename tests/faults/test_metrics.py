"""What the metrics count while processes are killed."""

import asyncio
import signal
import socket
from collections.abc import Iterator
from typing import Final, NamedTuple

import pytest

from faults.conftest import CALM
from faults.test_shutdown import until, workers
from harness.metrics import Shown, scraped, shrunk
from harness.service import Installation, Service, reserved_port

pytestmark = pytest.mark.anyio

REQUESTS: Final = 300
LIVE: Final = 'latchkey_requests_total{method="GET",route="/health/live",status="200"}'
AT_ONCE: Final = 20


class Metered(NamedTuple):
    """A service whose metrics are on, and where they are."""

    service: Service
    port: int

    def scrape(self) -> Shown:
        return scraped(self.port)

    def listens(self) -> bool:
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0


@pytest.fixture
def metered(production: Installation) -> Iterator[Metered]:
    with reserved_port() as port:
        environ = {**CALM, "METRICS_PORT": str(port), "WORKERS": "3"}
        with production.serving(**environ) as service:
            yield Metered(service, port)


async def ask(service: Service, times: int) -> None:
    """Send requests, each on a connection of its own: so every worker gets some."""
    places = asyncio.Semaphore(AT_ONCE)

    async def once() -> None:
        async with places, service.client() as http:
            assert (await http.get("/health/live")).is_success

    await asyncio.gather(*(once() for _ in range(times)))


async def test_counts_are_exact_over_all_workers_and_over_the_death_of_one(
    metered: Metered,
) -> None:
    service = metered.service
    await until(lambda: metered.scrape()["latchkey_workers"] == 3)

    await ask(service, REQUESTS)
    before = metered.scrape()
    workers(service)[0].kill()
    during = metered.scrape()
    await until(lambda: metered.scrape()["latchkey_worker_starts_total"] == 4)
    await until(lambda: metered.scrape()["latchkey_workers"] == 3)
    await ask(service, REQUESTS)
    after = metered.scrape()

    assert [scrape[LIVE] for scrape in (before, during, after)] == [300, 300, 600]
    assert (shrunk(before, during), shrunk(during, after)) == ({}, {})
    assert set(after) == set(before)
    assert after['latchkey_pool_connections{state="free"}'] <= 3 * 10


async def test_a_scrape_asks_no_worker(metered: Metered) -> None:
    await until(lambda: metered.scrape()["latchkey_workers"] == 3)
    stopped = workers(metered.service)
    for worker in stopped:
        worker.suspend()
    try:
        await ask_in_vain(metered.service)
        found = metered.scrape()
    finally:
        for worker in stopped:
            worker.resume()

    assert found["latchkey_worker_starts_total"] == 3


async def ask_in_vain(service: Service) -> None:
    """See that no worker answers."""
    async with service.client() as http:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await http.get("/health/live")


async def test_the_port_is_free_as_soon_as_the_main_process_is_killed(metered: Metered) -> None:
    orphans = workers(metered.service)
    for worker in orphans:
        worker.suspend()
    assert metered.listens()
    metered.service.process.send_signal(signal.SIGKILL)
    metered.service.process.wait()

    listens = metered.listens()
    for worker in orphans:
        worker.resume()

    assert not listens
    assert all(worker.is_running() for worker in orphans)


async def test_a_client_that_says_nothing_keeps_nobody_from_the_metrics(metered: Metered) -> None:
    with socket.create_connection(("127.0.0.1", metered.port)):
        assert metered.scrape()["latchkey_workers_configured"] == 3
