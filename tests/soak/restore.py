"""`python -m soak.restore 50`: a restore from a base backup and archived WAL, and what is left."""

import asyncio
import logging
import sys
from collections import Counter
from collections.abc import Callable
from typing import Final

import click

from faults.restore_crowd import ACCUSED, FORKED, KEPT
from faults.restore_drill import Drill, Outcome
from harness.postgres import kept_server

_KINDS: Final[dict[str, Callable[[str, str], bool]]] = {
    "kept": lambda fate, answer: answer == KEPT and "logged out" not in fate,
    "logged out after the instant, and alive again": lambda fate, answer: (
        answer == KEPT and "logged out" in fate
    ),
    "forked": lambda _, answer: answer == FORKED,
    "ended for a suspected theft": lambda _, answer: answer == ACCUSED,
}


@click.command()
@click.argument("sessions", type=click.IntRange(min=1), default=50)
def main(*, sessions: int) -> None:
    """Restore a database with SESSIONS of each of seven kinds, and count what clients get."""
    logging.disable(logging.WARNING)
    with kept_server() as home:
        drill = Drill(home)
        asyncio.run(drill.run(sessions))
    click.echo(report(drill.outcome))
    sys.exit(bool(drill.outcome.wrong))


def report(outcome: Outcome) -> str:
    """Write the table, and below it what was against a promise."""
    rows = {
        "sessions": f"{outcome.asked.total():,}",
        **{f"seconds: {step}": f"{taken:.1f}" for step, taken in outcome.seconds.items()},
        **{f"events {where}": f"{count:,}" for where, count in outcome.events.items()},
        **_counted("new secrets", outcome.asked),
        "new secrets: access tokens accepted": f"{outcome.read[200]:,}",
        **_counted("old secrets", outcome.asked_with_old),
    }
    lines = (f"| {what} | {how_much} |" for what, how_much in rows.items())
    return "\n".join(["| what | how much |", "| --- | ---: |", *lines, *outcome.wrong])


def _counted(secrets: str, asked: Counter[tuple[str, str]]) -> dict[str, str]:
    counts = {
        f"{secrets}: sessions {kind}": sum(
            count for (fate, answer), count in asked.items() if belongs(fate, answer)
        )
        for kind, belongs in _KINDS.items()
    }
    counts[f"{secrets}: sessions refused otherwise"] = asked.total() - sum(counts.values())
    return {what: f"{count:,}" for what, count in counts.items()}


if __name__ == "__main__":
    main()
