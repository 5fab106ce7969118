"""What browsers are answered while one thing after the other happens."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
from typing_extensions import override

from soak.tally import Tally

_NOT_NOW = 503


@dataclass(slots=True)
class Period:
    """The time in which one thing happens, until everything is as it was.

    Attributes:
        refused: When there was a 503, in the seconds of a clock that never goes back.
        answers: How many others there were.
        slowest: How long the slowest answer took, in s.
    """

    what: str
    began: float = field(default_factory=time.monotonic)
    ended: float = 0.0
    refused: list[float] = field(default_factory=list)
    answers: int = 0
    slowest: float = 0.0

    @property
    def seconds_refused(self) -> float:
        """From the first 503 to the last one."""
        return self.refused[-1] - self.refused[0] if self.refused else 0.0


class Watch(Tally):
    """A tally that also tells in which period there were how many answers of 503."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        super().__init__()
        self._periods: list[Period] = [Period("before")]

    @override
    def answered(self, what: str, answer: httpx.Response) -> None:
        super().answered(what, answer)
        now, period = time.monotonic(), self._periods[-1]
        period.slowest = max(period.slowest, answer.elapsed.total_seconds())
        if answer.status_code == _NOT_NOW:
            period.refused.append(now)
        else:
            period.answers += 1

    @contextmanager
    def period(self, what: str, most: float) -> Iterator[None]:
        """See what happens while a block lasts, with 503 for so many seconds at most."""
        self._periods[-1].ended = time.monotonic()
        self._periods.append(period := Period(what))
        yield
        period.ended = time.monotonic()
        lasted = period.seconds_refused
        self.demand(f"{what}: 503 for {lasted:.1f} s", holds=lasted <= most)

    def periods(self) -> Iterator[str]:
        """Write a table of them in Markdown."""
        yield "| what happened | seconds | answers | of 503 | seconds of 503 | slowest answer, s |"
        yield "| --- | ---: | ---: | ---: | ---: | ---: |"
        for each in self._periods[1:]:
            yield (
                f"| {each.what} | {each.ended - each.began:.0f} | {each.answers:,}"
                f" | {len(each.refused):,} | {each.seconds_refused:.1f} | {each.slowest:.1f} |"
            )
