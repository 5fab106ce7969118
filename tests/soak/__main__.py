"""`python -m soak 5`: minutes of everything at once, and what is left of the promises."""

import asyncio
import secrets
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack
from functools import partial
from random import Random
from typing import Final

import asyncpg
import click

from faults.conftest import CALM
from harness.nodes import Node
from harness.postgres import kept_server
from harness.service import Service
from harness.wire import wire
from latchkey.testing.flow.deployments import Account
from latchkey.testing.flow.fixtures import new_email
from latchkey.testing.flow.visitor import NewUser, Visitor
from production.deployment import ADMIN, PROXY, prepared, visitor_of
from soak.browser import Browser
from soak.faults import Faults
from soak.tally import Tally, table

GROWTH: Final = 32.0  # MiB that a worker may grow once it is warm
AUDITED: Final = "SELECT action, count(*) FROM audit_events GROUP BY action"
NEVER: Final = ("refresh_reused", "refresh_never_issued")


@click.command()
@click.argument("minutes", type=click.FloatRange(min=0.2), default=5)
@click.option("--browsers", type=click.IntRange(min=1), default=30, show_default=True)
@click.option("--seed", type=int, default=lambda: secrets.randbits(32), help="Of all chance.")
def main(*, minutes: float, browsers: int, seed: int) -> None:
    """Let browsers work for MINUTES while workers and PostgreSQL are killed with -9."""
    with kept_server() as home:
        node = Node(home / "postgres")
        production = prepared(home, node.dsn)
        with production.serving(**CALM) as service:
            soak = _Soak(service, node, Random(seed))  # noqa: S311 - which fault comes next
            asyncio.run(soak.last(minutes * 60, browsers))
        audited = asyncio.run(_audited(node.dsn))
    click.echo(soak.report(audited, ("seed", str(seed)), ("minutes", f"{minutes:g}")))
    sys.exit(bool(soak.tally.wrongs))


class _Soak:
    def __init__(self, service: Service, node: Node, chance: Random) -> None:
        self.tally = Tally()
        self._service = service
        self._chance = chance
        self._faults = Faults(service, node, self.tally, chance)

    async def last(self, seconds: float, browsers: int) -> None:
        """Let everything go on at once, for so long."""
        has_ended, has_calmed = asyncio.Event(), asyncio.Event()
        async with AsyncExitStack() as stack:
            visitors = [await self._visitor(stack) for _ in range(browsers)]
            people = [await self._settle(visitors[0]) for _ in visitors]
            async with asyncio.TaskGroup() as group:
                for visitor, account in zip(visitors, people, strict=True):
                    chance = Random(self._chance.random())  # noqa: S311 - what a browser does next
                    browser = Browser(
                        visitor, account, self.tally, chance, partial(wire, self._service.port)
                    )
                    group.create_task(self._live(browser, has_calmed))
                watching = group.create_task(self._faults.watch(has_calmed))
                raging = group.create_task(self._faults.rage(has_ended))
                await asyncio.sleep(seconds)
                has_ended.set()
                await raging
                has_calmed.set()
                await watching

    def report(self, audited: Mapping[str, int], *rows: tuple[str, str]) -> str:
        """Write the table, and below it what was against a promise."""
        seconds, grown = self._faults.growth()
        self.tally.demand(f"a worker grew by {grown:.1f} MiB", holds=grown < GROWTH)
        for action in NEVER:
            self.tally.demand(f"{action} is in the audit log", holds=action not in audited)
        memory = (f"MiB that a worker grew in the last two thirds of {seconds} s", f"{grown:.1f}")
        wrongs = (f"{number} x {what}" for what, number in self.tally.wrongs.items())
        return "\n".join([table(*rows, *self.tally.rows(audited), memory), *wrongs])

    async def _live(self, browser: Browser, has_ended: asyncio.Event) -> None:
        """A browser that goes wrong is one promise broken, and not the end of the others."""
        try:
            await browser.live(has_ended)
        except Exception as error:  # noqa: BLE001 - whatever it is, it may not be
            self.tally.demand(f"a browser gave up: {error!r}", holds=False)

    async def _visitor(self, stack: AsyncExitStack) -> Visitor:
        return visitor_of(await stack.enter_async_context(self._service.client(PROXY)))

    async def _settle(self, visitor: Visitor) -> Account:
        admin, account = await visitor.sign_in(ADMIN), Account(email=new_email())
        answer = await visitor.create_user(admin.access, NewUser.of(account).body)
        assert answer.status_code == 201, answer.text
        return account


async def _audited(dsn: str) -> dict[str, int]:
    connection = await asyncpg.connect(dsn)
    try:
        return {row["action"]: row["count"] for row in await connection.fetch(AUDITED)}
    finally:
        await connection.close()


if __name__ == "__main__":
    main()
