"""Without the setting, or without the extra, traces are not there and cost nothing."""

import asyncio
import gc
import subprocess
import sys
from typing import Any, Final

import pytest
from litestar.types import HTTPDisconnectEvent, Message, Receive, Scope, Send
from opentelemetry.sdk.trace import ReadableSpan

from harness.collector import hanging
from latchkey.entrypoints.observability.traces import with_traces
from latchkey.entrypoints.observability.tracing import Traced, provider_of
from latchkey.entrypoints.settings import SettingsError, from_env

ENDPOINT: Final = "OTEL_EXPORTER_OTLP_ENDPOINT"
ON: Final = {ENDPOINT: "http://127.0.0.1:4318"}
REQUESTS: Final = 500
SMALL: Final = {
    "OTEL_BSP_MAX_QUEUE_SIZE": "32",
    "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "8",
    "OTEL_EXPORTER_OTLP_TIMEOUT": "0.2",  # s
}
HELD: Final = 32 + 8 + 1  # the queue, a batch on its way, and a span that ends
LOOK: Final = """
import sys
import latchkey.entrypoints.http.asgi
print([name for name in sys.modules if name.partition(".")[0] in {"opentelemetry", "requests"}])
"""


async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Do nothing."""


async def receive() -> HTTPDisconnectEvent:
    """Receive nothing."""
    return {"type": "http.disconnect"}


async def send(_message: Message) -> None:
    """Send nothing."""


async def handle_requests(traced: Traced) -> None:
    """Handle some requests, one after another."""
    for _ in range(REQUESTS):
        scope: Any = {"type": "http", "method": "GET", "headers": []}
        await traced(scope, receive, send)


def test_unset_the_application_is_as_it_was() -> None:
    assert with_traces(app, from_env({}).traces) is app


def test_a_worker_imports_nothing_of_the_extra() -> None:
    looked = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", LOOK], capture_output=True, text=True, check=True
    )

    assert looked.stdout == "[]\n"


def test_with_both_the_application_is_traced() -> None:
    traced = with_traces(app, from_env({**ON, "OTEL_TRACES_SAMPLER_ARG": "0.01"}).traces)

    assert isinstance(traced, Traced)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (ENDPOINT, "127.0.0.1:4318"),
        (ENDPOINT, "http://user:hushed@127.0.0.1:4318"),
        ("OTEL_TRACES_SAMPLER_ARG", "1.5"),
        ("OTEL_TRACES_SAMPLER_ARG", "all"),
    ],
)
def test_what_cannot_be_meant_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        from_env({name: value})

    assert [fault.partition(":")[0] for fault in refusal.value.faults] == [name]


def test_a_collector_that_hangs_makes_no_spans_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SMALL.items():
        monkeypatch.setenv(name, value)

    with hanging() as url:
        provider = provider_of(url, 1.0)
        asyncio.run(handle_requests(Traced(app, provider)))
        alive = sum(isinstance(each, ReadableSpan) for each in gc.get_objects())
        provider.shutdown()

    assert 0 < alive <= HELD
