"""What a metric is, and where its numbers are in the block of a worker."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

NANO: Final = 1_000_000_000
BOUNDS: Final = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 2.5, 10.0)
"""The upper bounds of the buckets of each histogram, s."""

_OF_HISTOGRAM: Final = len(BOUNDS) + 2  # the last bucket has no bound; the sum comes after it


class Kind(StrEnum):
    """A type of the text format."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


def furthest(values: Iterable[int]) -> int:
    """Return the value that is furthest from 0."""
    return max(values, key=abs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A metric that workers write.

    Attributes:
        name: As Prometheus shows it.
        labels: The names of its labels.
        values: The values of the labels: a closed list, of one empty tuple without labels.
        scale: How many of the block's whole numbers make one unit.
        merge: Makes one number of those of the workers.
    """

    name: str
    kind: Kind
    help: str
    labels: tuple[str, ...] = ()
    values: tuple[tuple[str, ...], ...] = ((),)
    scale: int = 1
    merge: Callable[[Iterable[int]], int] = sum

    @property
    def width(self) -> int:
        """How many numbers each combination of labels has in a block."""
        return _OF_HISTOGRAM if self.kind is Kind.HISTOGRAM else 1

    @property
    def series(self) -> int:
        """How many series Prometheus gets."""
        return len(self.values) * (len(BOUNDS) + 3 if self.kind is Kind.HISTOGRAM else 1)


class Layout:
    """Where the numbers of each metric are in a block.

    Attributes:
        cells: How many numbers there are.
        alive_at: Where a worker writes when it was alive last: the monotonic clock in ns, which
            all processes share, or 0 if it has ended.
    """

    def __init__(self, metrics: Sequence[Metric]) -> None:
        self._first: dict[tuple[str, ...], int] = {}
        self.alive_at = 0
        self.cells = 1
        for metric in metrics:
            for values in metric.values:
                self._first[metric.name, *values] = self.cells
                self.cells += metric.width

    def place(self, metric: Metric, *values: str) -> int:
        """Return where the first number for these values of the labels is."""
        return self._first[metric.name, *values]

    def places(self, metric: Metric) -> dict[str, int]:
        """Return where the number for each value of a single label is."""
        return {value: self.place(metric, value) for (value,) in metric.values}


def each(*values: str) -> tuple[tuple[str, ...], ...]:
    """Return the values of a single label."""
    return tuple((value,) for value in values)


def with_each(rows: Iterable[tuple[str, ...]], last: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Combine values of labels with each value of one more label."""
    more = tuple(last)
    return ((*row, value) for row in rows for value in more)
