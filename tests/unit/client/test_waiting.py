from types import SimpleNamespace

import httpx
import pytest

from latchkey.client.errors import NoResponseError, RejectedError, ServiceUnavailableError
from latchkey.client.waiting import Backoff, retry_after

NOW = "Wed, 21 Oct 2026 07:28:00 GMT"


@pytest.fixture(autouse=True)
def steady(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """The clock, which stands still; and no jitter."""
    now = {"steady": 100.0}
    clock = SimpleNamespace(monotonic=lambda: now["steady"])
    monkeypatch.setattr("latchkey.client.waiting.time", clock)
    monkeypatch.setattr("latchkey.client.waiting.jitter", lambda: 0.0)
    return now


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        ("3", 3.0),
        (" 120 ", 120.0),
        ("3000000", 3_600.0),
        ("9" * 400, 3_600.0),
        ("Wed, 21 Oct 2026 07:28:30 GMT", 30.0),
        ("Wed, 21 Oct 2026 07:27:00 GMT", 0.0),
        ("Wed, 21 Oct 9999 07:28:00 GMT", 3_600.0),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("soon", None),
        ("never GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_an_hour_at_most(
    text: str, seconds: float | None
) -> None:
    headers = httpx.Headers([(b"Retry-After", text.encode()), (b"Date", NOW.encode())])

    assert retry_after(headers) == seconds


def test_pauses_double_from_a_second_up_to_half_a_minute() -> None:
    backoff = Backoff()

    waits = [backoff.failed(NoResponseError("lost")).wait for _ in range(7)]

    assert waits == [1, 2, 4, 8, 16, 30, 30]


def test_the_service_sets_the_pause_even_beyond_half_a_minute() -> None:
    busy = RejectedError(503, "storage_unavailable", retry_after=120)

    assert Backoff().failed(busy).wait == 120


def test_jitter_is_added(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("latchkey.client.waiting.jitter", lambda: 0.5)

    assert Backoff().failed(NoResponseError("lost")).wait == 1.5


def test_nobody_asks_before_the_time(steady: dict[str, float]) -> None:
    backoff = Backoff()
    backoff.failed(RejectedError(429, "too_many_attempts", retry_after=9))
    steady["steady"] += 4

    with pytest.raises(ServiceUnavailableError) as raised:
        backoff.check()

    assert raised.value.wait == 5


def test_when_the_time_has_come_anybody_may_ask(steady: dict[str, float]) -> None:
    backoff = Backoff()
    backoff.failed(NoResponseError("lost"))
    steady["steady"] += 1

    backoff.check()


def test_a_success_begins_anew() -> None:
    backoff = Backoff()
    backoff.failed(NoResponseError("lost"))
    backoff.succeeded()

    backoff.check()

    assert backoff.failed(NoResponseError("lost")).wait == 1
