"""The tables of a run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from bench.report import machine
from bench.scale.plans import Plan
from bench.scale.pruning import RATE, Pruning
from bench.scale.requests import Times


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was measured.

    Attributes:
        command: The command that was run.
        users: How many there were, few and many.
        plans: The plans of each statement, by its name, for few users and for many.
        pruning: With many users.
    """

    command: str
    users: tuple[int, int]
    times: Times
    plans: tuple[Mapping[str, Plan], Mapping[str, Plan]]
    pruning: Pruning

    def text(self) -> str:
        """Return all tables in Markdown."""
        few, many = (f"{users:,}" for users in self.users)
        return (
            f"`{self.command}` on {machine()}, PostgreSQL 18. Ten sessions and ten audit events"
            " for each user; one request at a time, by turns to both.\n\n"
            f"| | p50, ms: {few} users | {many} | ratio | p99, ms: {few} users | {many} | ratio |\n"
            f"| --- | --: | --: | --: | --: | --: | --: |\n{self._times()}\n"
            f"| statement | pages: {few} users | {many} | read through |\n"
            f"| --- | --: | --: | --- |\n{self._pages()}\n{self._pruning()}"
        )

    def _times(self) -> str:
        return "".join(
            f"| {name} | {_pair(median(few), median(many))} | {_pair(p99(few), p99(many))} |\n"
            for name, (few, many) in self.times.items()
        )

    def _pages(self) -> str:
        few, many = self.plans
        return "".join(
            f"| {name} | {few[name].pages:,} | {plan.pages:,} |"
            f" {', '.join(sorted(plan.read_through))} |\n"
            for name, plan in many.items()
        )

    def _pruning(self) -> str:
        before, beside, rows, seconds = self.pruning
        return (
            f"`latchkey prune` deleted {rows:,} sessions in {seconds:.0f} s, {rows / seconds:,.0f}"
            f" per second. Refreshes at {RATE} per second:\n\n"
            "| | refreshes | p50, ms | p99, ms |\n| --- | --: | --: | --: |\n"
            f"{_row('without pruning', before)}{_row('beside pruning', beside)}"
            f"\np99 beside pruning, relative to without: {p99(beside) / p99(before):.1f}\n"
        )


def p99(times: Sequence[float]) -> float:
    """Return what 99 % of the times do not exceed; of few times, nearly the longest."""
    return quantiles(times, n=100, method="inclusive")[98]


def _pair(few: float, many: float) -> str:
    return f"{few * 1e3:.1f} | {many * 1e3:.1f} | {many / few:.2f}"


def _row(name: str, times: Sequence[float]) -> str:
    return f"| {name} | {len(times):,} | {median(times) * 1e3:.1f} | {p99(times) * 1e3:.1f} |\n"
