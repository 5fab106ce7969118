"""The text that Prometheus gets.

Source: Prometheus, "Exposition formats", text-based format, version 0.0.4.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Final, NamedTuple

from latchkey.entrypoints.observability.metrics.catalogue import LAYOUT, METRICS
from latchkey.entrypoints.observability.metrics.metric import BOUNDS, NANO, Kind, Metric

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
STALE_AFTER: Final = 10 * NANO  # ns since a worker wrote that it is alive

_BOUNDS: Final = (*(f"{bound:g}" for bound in BOUNDS), "+Inf")


class Sample(NamedTuple):
    """A value of a metric that the parent itself has."""

    name: str
    help: str
    value: float
    labels: dict[str, str]


def write(blocks: Sequence[Sequence[int]], now: int, samples: Iterable[Sample]) -> str:
    """Return all metrics as text.

    A counter is the sum of all blocks, also of workers that have ended. A gauge is of the workers
    that are alive, and is left out if none is.

    Args:
        blocks: The numbers of each block.
        now: The monotonic clock, ns.
        samples: What the parent adds, sorted by name.
    """
    alive = [block for block in blocks if is_alive(block, now)]
    lines = [*_of_parent(samples)]
    for metric in METRICS:
        lines += _head(metric.name, metric.kind, metric.help)
        for values in metric.values:
            lines += _of(metric, values, alive if metric.kind is Kind.GAUGE else blocks)
    return "".join(f"{line}\n" for line in lines)


def is_alive(block: Sequence[int], now: int) -> bool:
    """Return whether the worker that has a block is alive, and its event loop runs."""
    return block[LAYOUT.alive_at] > now - STALE_AFTER


def _of(metric: Metric, values: tuple[str, ...], blocks: Sequence[Sequence[int]]) -> Iterator[str]:
    labels = dict(zip(metric.labels, values, strict=True))
    first = LAYOUT.place(metric, *values)
    if metric.kind is Kind.HISTOGRAM:
        columns = range(first, first + metric.width)
        *counts, total = [sum(block[column] for block in blocks) for column in columns]
        upto = list(accumulate(counts))
        for bound, count in zip(_BOUNDS, upto, strict=True):
            yield _line(f"{metric.name}_bucket", {**labels, "le": bound}, count)
        yield _line(f"{metric.name}_sum", labels, total / metric.scale)
        yield _line(f"{metric.name}_count", labels, upto[-1])
    elif blocks:
        merged = metric.merge(block[first] for block in blocks)
        yield _line(metric.name, labels, merged / metric.scale if metric.scale != 1 else merged)


def _of_parent(samples: Iterable[Sample]) -> Iterator[str]:
    last = ""
    for sample in samples:
        if sample.name != last:
            yield from _head(sample.name, Kind.GAUGE, sample.help)
        last = sample.name
        yield _line(sample.name, sample.labels, sample.value)


def _head(name: str, kind: Kind, text: str) -> Iterator[str]:
    yield f"# HELP {name} {text}"
    yield f"# TYPE {name} {kind}"


def _line(name: str, labels: dict[str, str], value: float) -> str:
    named = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
    return f"{name}{{{named}}} {value!r}" if named else f"{name} {value!r}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
