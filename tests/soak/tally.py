"""What was seen, and what may not be seen."""

from collections import Counter
from collections.abc import Iterator, Mapping

import httpx

Row = tuple[str, str]


class Tally:
    """Counts what happens, and keeps what may not happen.

    Attributes:
        wrongs: What was against a promise, in words, and how often.
    """

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self.wrongs: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()

    def count(self, what: str, number: int = 1) -> None:
        """See something."""
        self._counts[what] += number

    def answered(self, what: str, answer: httpx.Response) -> None:
        """See an answer."""
        self.count(f"{what}: {answer.status_code}")

    def demand(self, what: str, *, holds: bool) -> None:
        """Keep a promise in words, unless it holds."""
        if not holds:
            self.wrongs[what] += 1

    def rows(self, audited: Mapping[str, int]) -> Iterator[Row]:
        """Give the rows of a table."""
        for what, number in sorted(self._counts.items()):
            yield what, f"{number:,}"
        for action, number in sorted(audited.items()):
            yield f"audited: {action}", f"{number:,}"
        yield "promises broken", str(self.wrongs.total())


def table(*rows: Row) -> str:
    """Write rows as Markdown."""
    width = max(len(what) for what, _ in rows)
    lines = [f"| {what:<{width}} | {number:>12} |" for what, number in rows]
    return "\n".join(
        [f"| {'what':<{width}} | {'how much':>12} |", f"| {'-' * width} | {'-' * 11}: |", *lines]
    )
