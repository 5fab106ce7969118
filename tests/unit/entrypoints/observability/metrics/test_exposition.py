"""What Prometheus gets of the blocks of several workers."""

from collections.abc import Callable
from datetime import timedelta
from time import monotonic_ns

import pytest

from harness.metrics import Shown, read
from latchkey.adapters.bcrypt.fair_queue import Load
from latchkey.domain.storage import Connections
from latchkey.entrypoints.observability.metrics.catalogue import LAYOUT, METRICS
from latchkey.entrypoints.observability.metrics.exposition import STALE_AFTER, Sample, write
from latchkey.entrypoints.observability.metrics.meter import Meter
from latchkey.entrypoints.observability.metrics.metric import BOUNDS

ME = {"type": "http", "method": "GET", "path_template": "/api/auth/me"}
BUCKET = 'latchkey_request_seconds_bucket{method="GET",route="/api/auth/me",le="%s"}'


def worker(block: memoryview, *, busy: int) -> Meter:
    """Have a worker of one request show how busy it is."""
    meter = Meter(block)
    meter.completed(ME, 200, 0.002)  # type: ignore[arg-type] # less than a whole scope
    connections = Connections(size=10, in_use=busy, waiting=busy)
    meter.show_load(
        connections, Load(hashing=1, waiting=busy, seconds=busy / 4), timedelta(seconds=-busy)
    )
    meter.show_outbox(busy, timedelta(seconds=busy))
    meter.show_alive()
    return meter


def blocks(number: int) -> list[memoryview]:
    return [memoryview(bytearray(LAYOUT.cells * 8)).cast("q") for _ in range(number)]


def scraped(memory: list[memoryview], at: int | None = None) -> Shown:
    now = monotonic_ns() if at is None else at
    return read(write([block.tolist() for block in memory], now, ()))


def test_counters_are_sums_and_each_gauge_is_what_an_operator_asks_for() -> None:
    memory = blocks(3)
    worker(memory[0], busy=3)
    worker(memory[1], busy=1)

    found = scraped(memory)

    requests = 'latchkey_requests_total{method="GET",route="/api/auth/me",status="200"}'
    assert found[requests] == 2
    assert found['latchkey_pool_connections{state="in_use"}'] == 4
    assert found['latchkey_pool_connections{state="free"}'] == 16
    assert found["latchkey_pool_waiting"] == 4
    assert found['latchkey_password_hashes{state="waiting"}'] == 4
    assert found["latchkey_password_hash_seconds"] == 0.75
    assert found["latchkey_clock_offset_seconds"] == -3
    assert found["latchkey_outbox_mails"] == 3
    assert found["latchkey_outbox_oldest_seconds"] == 3
    assert found["latchkey_database_up"] == 1


def test_one_worker_without_the_database_shows() -> None:
    memory = blocks(2)
    worker(memory[0], busy=0)
    worker(memory[1], busy=0).show_no_database()

    assert scraped(memory)["latchkey_database_up"] == 0


@pytest.mark.parametrize("how", ["ended", "silent"])
def test_of_a_worker_that_is_gone_the_counts_stay_and_the_gauges_go(how: str) -> None:
    memory = blocks(2)
    meter = worker(memory[0], busy=3)
    at = monotonic_ns()
    if how == "ended":
        meter.end()
    else:
        at += STALE_AFTER
    worker(memory[1], busy=1)
    memory[1][LAYOUT.alive_at] = at

    found = scraped(memory, at)

    assert found['latchkey_pool_connections{state="in_use"}'] == 1
    assert found["latchkey_worker_starts_total"] == 2
    assert found['latchkey_request_seconds_count{method="GET",route="/api/auth/me"}'] == 2


def test_the_successor_of_a_worker_shows_nothing_of_it_but_its_counts() -> None:
    [block] = blocks(1)
    worker(block, busy=3)

    Meter(block).show_alive()

    found = scraped([block])
    assert found["latchkey_pool_waiting"] == 0
    assert found["latchkey_worker_starts_total"] == 2
    assert found['latchkey_request_seconds_count{method="GET",route="/api/auth/me"}'] == 1


def test_without_a_worker_no_gauge_is_shown() -> None:
    assert "latchkey_database_up" not in scraped(blocks(1))


@pytest.mark.parametrize(("place", "bound"), [*enumerate(BOUNDS)])
def test_a_bucket_has_what_took_as_long_as_its_bound_or_less(
    meter: Meter, shown: Callable[[], Shown], place: int, bound: float
) -> None:
    for seconds in (bound, bound * 1.01):
        meter.completed(ME, 200, seconds)  # type: ignore[arg-type] # less than a whole scope

    found = shown()

    counts = [found[BUCKET % f"{each:g}"] for each in BOUNDS] + [found[BUCKET % "+Inf"]]
    assert counts == [0] * place + [1] + [2] * (len(BOUNDS) - place)


def test_what_the_parent_adds_may_have_any_text_in_its_labels() -> None:
    text = 'a "b" \\ c\nd'

    found = write([], 0, [Sample("latchkey_build_info", "Text.", 1, {"version": text})])

    assert 'latchkey_build_info{version="a \\"b\\" \\\\ c\\nd"} 1\n' in found


def test_the_number_of_series_is_the_one_that_the_catalogue_says() -> None:
    memory = blocks(1)
    worker(memory[0], busy=1)

    assert len(scraped(memory)) == sum(metric.series for metric in METRICS)
