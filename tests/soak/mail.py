"""`python -m soak.mail 1500`: mails that are sent while all that takes part is killed with -9."""

import asyncio
import logging
import secrets
import sys
import time
from random import Random

import click

from faults.mail_drill import Drill
from faults.mail_tally import Faults, Tally
from harness.nodes import Node
from harness.postgres import kept_server
from production.deployment import prepared


@click.command()
@click.argument("mails", type=click.IntRange(min=10), default=1_500)
@click.option("--seed", type=int, default=lambda: secrets.randbits(32), help="Of all chance.")
def main(*, mails: int, seed: int) -> None:
    """Write MAILS in transactions, some of them rolled back, and count what arrives."""
    logging.disable(logging.WARNING)  # of the mail server, and of what is killed
    chance = Random(seed)  # noqa: S311 - what is killed next
    began = time.monotonic()
    with kept_server() as home:
        node = Node(home / "postgres")
        drill = Drill(prepared(home, node.dsn), node, Faults(pause=0.3, every=(0.5, 2.5)), chance)
        asyncio.run(drill.run(mails))
    click.echo(report(drill.tally, seed, time.monotonic() - began))
    tally = drill.tally
    sys.exit(bool(tally.lost or tally.sent_for_nothing or tally.different))


def report(tally: Tally, seed: int, seconds: float) -> str:
    """Write the table."""
    rows = {
        "seed": seed,
        "seconds": round(seconds),
        "transactions that were committed": len(tally.committed),
        "transactions that were rolled back": len(tally.undone),
        "transactions whose commit was not answered": len(tally.unknown),
        **{f"{what} killed": number for what, number in sorted(tally.killed.items())},
        "mails of committed transactions that were lost": len(tally.lost),
        "mails of transactions that were rolled back": len(tally.sent_for_nothing),
        "mails that arrived more than once": len(tally.twice),
        "of these, with other bytes": len(tally.different),
    }
    lines = (f"| {what} | {number:,} |" for what, number in rows.items())
    return "\n".join(["| what | how much |", "| --- | ---: |", *lines])


if __name__ == "__main__":
    main()
