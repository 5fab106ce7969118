"""`python -m soak.lag 8`: an asynchronous standby that lags takes over from a lost primary."""

import asyncio
import logging
import secrets
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack
from functools import partial
from random import Random
from typing import Final

import asyncpg
import click
from typing_extensions import override

from faults.conftest import CALM
from faults.pair import HAS_STANDBY, Pair, until
from harness.nodes import Node, dsn_of
from harness.postgres import kept_server
from harness.service import Service
from harness.wire import wire
from latchkey.testing.flow.deployments import Account
from latchkey.testing.flow.fixtures import new_email
from latchkey.testing.flow.visitor import NewUser
from production.deployment import ADMIN, PROXY, prepared, visitor_of
from soak.browser import Browser
from soak.tally import table
from soak.watch import Watch

_SETTINGS: Final = {**CALM, "REFRESH_GRACE": "10s"}  # as by default
_REFRESHES: Final = (2.0, 14.0)
"""How often a browser refreshes during the lag: of a session, up to 16 may be lost."""
_LOSES_AN_ANSWER: Final = 0.2  # of its refreshes
_TAKEOVER: Final = 10.0  # s of 503 at most
_FORWARDED: Final = "refresh_fast_forwarded"
_NEVER: Final = ("refresh_reused", "refresh_never_issued")
_GENERATIONS: Final = "SELECT id::text, generation FROM sessions"
_AUDITED: Final = "SELECT action, count(*) FROM audit_events GROUP BY action"


@click.command()
@click.argument("seconds", type=click.FloatRange(min=1), default=8)
@click.option("--browsers", type=click.IntRange(min=1), default=30, show_default=True)
@click.option("--seed", type=int, default=lambda: secrets.randbits(32), help="Of all chance.")
def main(*, seconds: float, browsers: int, seed: int) -> None:
    """Let browsers refresh while a standby misses SECONDS, then have it take over."""
    logging.disable(logging.WARNING)
    with kept_server() as home:
        primary = Node(home / "postgres")
        production = prepared(home, primary.dsn)
        pair = Pair(primary, primary.copy_to(home / "standby"))
        pair.standby.server.ensure_running()
        drill = Drill(pair, seconds, Random(seed))  # noqa: S311 - when browsers do what
        names = dsn_of(pair.primary, pair.standby)
        with production.serving(**_SETTINGS, DATABASE_URL=names) as service:
            asyncio.run(drill.run(service, browsers))
    click.echo("\n".join(drill.report(seed)))
    sys.exit(bool(drill.watch.wrongs))


class Refreshing(Browser):
    """A browser that refreshes about every so many seconds, and loses some of the answers."""

    pause: float = 1.0

    @override
    async def live(self, has_ended: asyncio.Event) -> None:
        """Refresh until the end; then see whether the session is whole."""
        while not has_ended.is_set():
            await asyncio.sleep(self.pause)
            is_lost = self._chance.random() < _LOSES_AN_ANSWER
            await (self._loses_an_answer() if is_lost else self._refreshes())
        await self._is_whole()

    async def sign_in(self) -> None:
        """Begin the session."""
        await self._logs_in()


class Drill:
    """Browsers that go on while a standby stops to follow, and takes over."""

    def __init__(self, pair: Pair, seconds: float, chance: Random) -> None:
        """Begin with nothing seen."""
        self.watch = Watch()
        self._pair = pair
        self._seconds = seconds
        self._chance = chance
        self._lost: list[int] = []
        self._audited: dict[str, int] = {}

    async def run(self, service: Service, browsers: int) -> None:
        """Let so many browsers work, each in a session of its own."""
        await until(self._pair.primary, HAS_STANDBY, "async")
        has_ended = asyncio.Event()
        async with AsyncExitStack() as stack:
            crowd = [await self._browser(stack, service) for _ in range(browsers)]
            await self._pair.note_the_timeline()
            await self._pair.separate()
            async with asyncio.TaskGroup() as group:
                for browser in crowd:
                    group.create_task(self._live(browser, has_ended))
                await self._take_over()
                has_ended.set()
        self._audited = await _read(self._pair.standby, _AUDITED)
        self._judge()

    def report(self, seed: int) -> Iterator[str]:
        """Write the tables, and below them what was against a promise."""
        yield from self.watch.periods()
        yield ""
        yield table(
            ("seed", str(seed)),
            ("sessions", str(len(self._lost))),
            ("rotations that the standby had missed", str(sum(self._lost))),
            ("of one session, at least and at most", f"{min(self._lost)} to {max(self._lost)}"),
            *self.watch.rows(self._audited),
        )
        yield from (f"{number} x {what}" for what, number in self.watch.wrongs.items())

    async def _take_over(self) -> None:
        with self.watch.period("the standby lags", 0.0):
            await asyncio.sleep(self._seconds)
        sent = await _read(self._pair.primary, _GENERATIONS)
        kept = await _read(self._pair.standby, _GENERATIONS)
        with self.watch.period("the standby takes over", _TAKEOVER):
            await self._pair.fail_over()
            await asyncio.sleep(self._seconds / _REFRESHES[0] * 2)  # each refreshes once or more
        behind = {name: generation - kept[name] for name, generation in sent.items()}
        self._lost = [rotations for rotations in behind.values() if rotations]

    def _judge(self) -> None:
        demand = self.watch.demand
        for action in _NEVER:
            demand(f"{action} is in the audit log", holds=action not in self._audited)
        forwarded = self._audited.get(_FORWARDED, 0)
        demand(
            f"{forwarded} of {len(self._lost)} sessions were moved forward",
            holds=forwarded == len(self._lost),
        )

    async def _live(self, browser: Browser, has_ended: asyncio.Event) -> None:
        """A browser that goes wrong is one promise broken, and not the end of the others."""
        try:
            await browser.live(has_ended)
        except Exception as error:  # noqa: BLE001 - whatever it is, it may not be
            self.watch.demand(f"a browser gave up: {error!r}", holds=False)

    async def _browser(self, stack: AsyncExitStack, service: Service) -> Refreshing:
        visitor = visitor_of(await stack.enter_async_context(service.client(PROXY)))
        admin, account = await visitor.sign_in(ADMIN), Account(email=new_email())
        created = await visitor.create_user(admin.access, NewUser.of(account).body)
        assert created.status_code == 201, created.text
        chance = Random(self._chance.random())  # noqa: S311 - which answers it loses
        connect = partial(wire, service.port)
        browser = Refreshing(visitor, account, self.watch, chance, connect)
        browser.pause = self._seconds / chance.uniform(*_REFRESHES)
        await browser.sign_in()
        return browser


async def _read(node: Node, sql: str) -> dict[str, int]:
    """Return a number for each name."""
    connection = await asyncpg.connect(node.dsn)
    try:
        return {row[0]: row[1] for row in await connection.fetch(sql)}
    finally:
        await connection.close()


if __name__ == "__main__":
    main()
