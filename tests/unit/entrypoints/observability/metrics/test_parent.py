"""The gauges of the parent: its keys by the database's clock, and how many workers live."""

from datetime import UTC, datetime, timedelta
from time import monotonic_ns
from typing import Final

import pytest

from harness.metrics import read
from latchkey.adapters.bcrypt.fair_queue import Load
from latchkey.adapters.keys.key_file import ScheduledKey, write
from latchkey.adapters.keys.key_set import ALWAYS
from latchkey.adapters.keys.p256_key import P256Key
from latchkey.domain.storage import Connections
from latchkey.entrypoints.observability.metrics import exposition
from latchkey.entrypoints.observability.metrics.catalogue import LAYOUT
from latchkey.entrypoints.observability.metrics.meter import Meter
from latchkey.entrypoints.observability.metrics.parent import ParentGauges, number_of_series
from latchkey.entrypoints.settings import Settings, cautions_of, from_env
from unit.entrypoints.settings.test_from_env import PRODUCTION

HOUR: Final = timedelta(hours=1)
OLD, NEXT = P256Key.generate(), P256Key.generate()
SECRET: Final = {"JWT_SECRET": "a-secret-of-the-tests-8d1f0b7c42e9"}


def with_keys(next_from: datetime) -> Settings:
    keys = [
        ScheduledKey(key=OLD, signs_from=ALWAYS),
        ScheduledKey(key=NEXT, signs_from=next_from),
    ]
    return from_env({**SECRET, "JWT_KEYS": write(keys), "JWT_ACCESS_TTL": "15m", "WORKERS": "3"})


def blocks_of(*, ahead: timedelta = timedelta(0)) -> list[list[int]]:
    """Return the block of a worker whose database is ahead of this machine, and a free one."""
    block = memoryview(bytearray(LAYOUT.cells * 8)).cast("q")
    meter = Meter(block)
    meter.show_load(Connections(), Load(hashing=0, waiting=0, seconds=0), ahead)
    meter.show_outbox(0, timedelta(0))
    meter.show_alive()
    return [block.tolist(), [0] * LAYOUT.cells]


def scraped(settings: Settings, *, ahead: timedelta = timedelta(0)) -> dict[str, float]:
    blocks, now = blocks_of(ahead=ahead), monotonic_ns()
    return dict(read(exposition.write(blocks, now, ParentGauges(settings).samples(blocks, now))))


@pytest.mark.parametrize(("ahead", "signs"), [(timedelta(0), OLD), (2 * HOUR, NEXT)])
def test_the_key_that_signs_is_told_by_the_clock_of_the_database(
    ahead: timedelta, signs: P256Key
) -> None:
    start = datetime.now(UTC).replace(microsecond=0) + HOUR

    found = scraped(with_keys(start), ahead=ahead)

    for key in (OLD, NEXT):
        kid = key.verifying.kid
        assert found[f'latchkey_key_signs{{kid="{kid}"}}'] == (key is signs)
    name = "latchkey_key_signs_from_timestamp_seconds"
    assert found[f'{name}{{kid="{NEXT.verifying.kid}"}}'] == start.timestamp()
    assert f'{name}{{kid="{OLD.verifying.kid}"}}' not in found
    until = found[f'latchkey_key_accepted_until_timestamp_seconds{{kid="{OLD.verifying.kid}"}}']
    assert start + timedelta(minutes=15) <= datetime.fromtimestamp(until, UTC) < start + HOUR


def test_workers_that_live_are_told_beside_those_that_should() -> None:
    found = scraped(with_keys(datetime.now(UTC) + HOUR))

    assert (found["latchkey_workers"], found["latchkey_workers_configured"]) == (1, 3)


@pytest.mark.parametrize(
    "settings",
    [from_env(SECRET), with_keys(datetime(2026, 1, 1, tzinfo=UTC))],
    ids=["secret", "private keys"],
)
def test_the_number_of_series_is_known_before_the_first_scrape(settings: Settings) -> None:
    assert number_of_series(settings) == len(scraped(settings))


def test_a_secret_that_development_is_yet_to_create_counts_as_a_key() -> None:
    assert number_of_series(from_env({})) == number_of_series(from_env(SECRET))


@pytest.mark.parametrize(
    ("host", "url", "is_cautioned"),
    [
        ("127.0.0.1", "http://127.0.0.1:9464/metrics", False),
        ("10.0.0.7", "http://10.0.0.7:9464/metrics", False),
        ("::1", "http://[::1]:9464/metrics", False),
        ("0.0.0.0", "http://0.0.0.0:9464/metrics", True),  # noqa: S104 - what it warns about
        ("::", "http://[::]:9464/metrics", True),
    ],
)
def test_metrics_for_everybody_are_cautioned(host: str, url: str, *, is_cautioned: bool) -> None:
    environ = {**PRODUCTION, "METRICS_HOST": host, "METRICS_PORT": "9464"}
    settings = from_env(environ)
    cautions = [*cautions_of(settings, environ)]

    assert settings.metrics.url == url
    assert any(caution.startswith("METRICS_HOST: ") for caution in cautions) is is_cautioned
