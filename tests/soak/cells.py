"""`python -m soak.cells 3`: two cells behind a router that asks a directory of addresses."""

import asyncio
import logging
import sys
import time

import click

from faults.cells_drill import Drill
from faults.cells_front import Outcome, Secrets
from harness.postgres import kept_server
from soak.tally import table

_COUNTED = (
    *("login", "login with a passkey", "refresh", "me", "orders", "logout"),
    *("create a user", "create a user whom the other cell has"),
)
_ASTRAY = ("refresh", "me", "orders", "logout")


@click.command()
@click.argument("rounds", type=click.IntRange(min=1), default=3)
@click.option("--known", type=click.IntRange(min=1000), default=100_000, show_default=True)
def main(*, rounds: int, known: int) -> None:
    """Have users of two cells do everything ROUNDS times, beside KNOWN other addresses."""
    logging.disable(logging.WARNING)
    began = time.monotonic()
    with kept_server() as home:
        drill = Drill(home)
        asyncio.run(drill.run(rounds, known=known, ways=list(Secrets)))
    drill.outcome.figures["seconds"] = f"{time.monotonic() - began:.0f}"
    drill.outcome.figures["other addresses in the directory"] = f"{known:,}"
    click.echo(report(drill.outcome))
    sys.exit(bool(drill.outcome.wrong))


def report(outcome: Outcome) -> str:
    """Write the tables, and below them what was against a promise."""
    costs = [
        "| request through the router | statements in its cell | in the other | in the directory |",
        "| --- | ---: | ---: | ---: |",
        *(f"| {each} | {_cells(outcome.least(each))} |" for each in _COUNTED),
    ]
    astray = [
        f"| in the other cell, with | {' | '.join(Secrets)} |",
        "| --- | --- | --- | --- |",
        *(f"| {what} | {_cells(_astray(outcome, what))} |" for what in _ASTRAY),
    ]
    figures = table(*outcome.figures.items())
    return "\n".join([*costs, "", *astray, "", figures, *outcome.wrong])


def _astray(outcome: Outcome, what: str) -> tuple[str, ...]:
    """Tell what a request got in the wrong cell, and in how many statements."""
    return tuple(
        f"{outcome.astray[what, common]}, after {number}"
        for common in Secrets
        for number in outcome.least(f"{what} in the other cell, {common}")[:1]
    )


def _cells(values: tuple[object, ...]) -> str:
    return " | ".join(map(str, values))


if __name__ == "__main__":
    main()
