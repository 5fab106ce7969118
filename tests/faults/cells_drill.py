"""Two cells, and everything that a deployment of cells has to do."""

import asyncio
import secrets
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from faults import cells_lives as lives
from faults.cells import Cell
from faults.cells_directory import Directory
from faults.cells_front import Front, Outcome, Secrets
from harness.postgres import execute
from latchkey.adapters.keys.key_set import ALWAYS
from latchkey.testing.flow.issuers import key_file, new_key
from production.deployment import HOST

CELLS: Final[Mapping[str, int]] = {"west": 0x5A5, "east": 0xA5A}
_LOOK_UPS: Final = 1000
_STRANGE: Final = "passkeys.last_challenge"
"""Where an identifier of another cell may be: a challenge can be another cell's."""


class Drill:
    """Two databases, a directory, and services with keys of their own or with the same keys."""

    def __init__(self, home: Path) -> None:
        """Choose a directory whose servers are stopped in the end."""
        self.outcome = Outcome()
        self._home = home

    async def run(self, rounds: int, *, known: int, ways: Sequence[Secrets]) -> None:
        """Have users of both cells do everything so many times.

        Args:
            rounds: How often requests are counted.
            known: How many more addresses the directory knows.
            ways: What the cells have in common, one after the other.
        """
        west, east = await asyncio.gather(
            *(
                asyncio.to_thread(Cell.prepared, self._home, name, number)
                for name, number in CELLS.items()
            )
        )
        await execute(west.node.dsn, "CREATE DATABASE directory")
        dsn = west.node.dsn.replace("/postgres?", "/directory?")
        async with Directory.open(dsn, known) as directory:
            for cell in (west, east):
                await directory.claim(cell.admin.email, cell.number)
            for common in ways:
                environs = _environs((west, east), common)
                cells = west, east
                async with Front.serving(cells, directory, environs, common, self.outcome) as front:
                    await _rehearse(front, rounds)
                    self._measured(front)
            taken = await directory.look_up(_LOOK_UPS)
            median, slow = statistics.median(taken), taken[len(taken) * 99 // 100]
            self.outcome.figures["microseconds of a look-up, median"] = f"{median:.0f}"
            self.outcome.figures["99 of 100 look-ups are below"] = f"{slow:.0f}"
        for cell in (west, east):
            await self._inspect(cell)
        self.outcome.judge()

    def _measured(self, front: Front) -> None:
        figures = self.outcome.figures
        figures["requests that the directory refused"] = str(
            int(figures.get("requests that the directory refused", 0)) + front.router.refused
        )
        read = statistics.median(front.router.routed)
        figures["microseconds to read the cell in a token, median"] = f"{read:.0f}"

    async def _inspect(self, cell: Cell) -> None:
        found, foreign = await cell.foreign_identifiers()
        self.outcome.figures[f"identifiers in the {cell.name}"] = f"{found:,}"
        self.outcome.demand(
            f"identifiers name their cell: {foreign}", holds=set(foreign) <= {_STRANGE}
        )


async def _rehearse(front: Front, rounds: int) -> None:
    for cell in front.cells:
        account = await front.created(cell)
        await cell.order(account.email, cell.number)
        for _ in range(rounds):
            await lives.live(front, cell, account)
            await lives.go_astray(front, cell, account)
            await lives.want_an_address(front, cell, account)
        await lives.race_for_an_address(front)
        await lives.change_the_user(front, cell, account)
        await lives.go_past_the_directory(front, cell, await front.created(cell))
        await lives.use_a_passkey(front, cell, await front.created(cell))
    west, east = front.cells
    people = [await front.created(cell) for cell in (west, east, west, east)]
    await asyncio.gather(  # who wait for mails
        lives.register(front, west, people[0]),
        lives.register(front, east, people[1]),
        lives.follow_links(front, west, people[1]),
        lives.follow_links(front, east, people[0]),
        lives.move(front, people[2], people[3]),
        lives.move(front, people[3], people[2]),
    )
    await lives.publish(front, west, await front.created(west))


def _environs(cells: Sequence[Cell], common: Secrets) -> dict[str, dict[str, str]]:
    """Return the secrets of each cell."""
    shared = _secrets(HOST)
    if common is Secrets.SAME:
        return {cell.name: shared for cell in cells}
    names = {"REFRESH_SECRET", "JWT_ISSUER"} if common is Secrets.REFRESH else set[str]()
    kept = {name: shared[name] for name in names}
    return {cell.name: _secrets(f"{cell.name}.{HOST}") | kept for cell in cells}


def _secrets(host: str) -> dict[str, str]:
    return {
        "JWT_SECRET": secrets.token_hex(32),
        "REFRESH_SECRET": secrets.token_hex(32),
        "FACTOR_SECRET": secrets.token_hex(32),
        "JWT_KEYS": key_file((new_key("ES256"), ALWAYS)),
        "JWT_ISSUER": f"https://{host}",
    }
