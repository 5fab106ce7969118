"""A meter, and what Prometheus reads of it."""

from collections.abc import Callable
from time import monotonic_ns

import pytest

from harness.metrics import Shown, read
from latchkey.entrypoints.observability.metrics.catalogue import LAYOUT
from latchkey.entrypoints.observability.metrics.exposition import write
from latchkey.entrypoints.observability.metrics.meter import Meter


@pytest.fixture
def block() -> memoryview:
    return memoryview(bytearray(LAYOUT.cells * 8)).cast("q")


@pytest.fixture
def meter(block: memoryview) -> Meter:
    return Meter(block)


@pytest.fixture
def shown(block: memoryview) -> Callable[[], Shown]:
    return lambda: read(write([block.tolist()], monotonic_ns(), ()))
