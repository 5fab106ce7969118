"""`python -m soak.gap`: replicas behind HAProxy, on a pair of servers that fails over."""

import asyncio
import logging
import secrets
import ssl
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

import asyncpg
import click
import trustme

from harness.patroni import Pair, missing, patroni_pair
from harness.wire import wire
from latchkey.testing.flow.deployments import Account
from latchkey.testing.flow.fixtures import new_email
from latchkey.testing.flow.visitor import NewUser, Visitor
from production.deployment import ADMIN, HOST, visitor_of
from production.proxies import Proxy, proxied
from soak.browser import Browser
from soak.disturbances import Disturbances
from soak.replicas import Replicas, checked_out
from soak.tally import table
from soak.watch import Watch

_REPLICAS: Final = 3
_AUDITED: Final = "SELECT action, count(*) FROM audit_events GROUP BY action"
_NEVER: Final = ("refresh_reused", "refresh_never_issued")


@click.command()
@click.option("--browsers", type=click.IntRange(1, 100), default=12, show_default=True)
@click.option("--upgrade-from", help="A commit whose service the replicas run at first.")
@click.option("--seed", type=int, default=lambda: secrets.randbits(32), help="Of all chance.")
def main(*, browsers: int, upgrade_from: str | None, seed: int) -> None:
    """Disturb a deployment of three replicas in every planned and unplanned way, one by one."""
    if lacking := missing():
        raise click.UsageError(f"needs {', '.join(lacking)}")
    logging.disable(logging.WARNING)
    with TemporaryDirectory(prefix="latchkey-gap-") as directory, ExitStack() as stack:
        home = Path(directory)
        pair = stack.enter_context(patroni_pair(home))
        old = checked_out(upgrade_from, home) if upgrade_from else None
        replicas = stack.enter_context(Replicas.serving(home, pair.dsn, _REPLICAS, old))
        trust = ssl.create_default_context()
        proxy = stack.enter_context(_proxy(home, trust, replicas.ports))
        drill = Drill(proxy, pair, replicas, Random(seed))  # noqa: S311 - what browsers do next
        asyncio.run(drill.run(browsers))
        audited = asyncio.run(_audited(pair))
    click.echo(drill.report(audited, seed))
    sys.exit(bool(drill.watch.wrongs))


class Drill:
    """Browsers that work through HAProxy while one thing after the other happens."""

    def __init__(self, proxy: Proxy, pair: Pair, replicas: Replicas, chance: Random) -> None:
        """Begin with nothing seen."""
        self.watch = Watch()
        self._proxy = proxy
        self._chance = chance
        self._disturbances = Disturbances(pair, replicas, self.watch)

    async def run(self, browsers: int) -> None:
        """Let so many browsers work until everything has happened."""
        has_ended = asyncio.Event()
        async with AsyncExitStack() as stack:
            visitors = [await self._visitor(stack, number) for number in range(browsers)]
            people = [await self._settle(visitors[0]) for _ in visitors]
            async with asyncio.TaskGroup() as group:
                for visitor, account in zip(visitors, people, strict=True):
                    group.create_task(self._live(visitor, account, has_ended))
                try:
                    await self._disturbances.run()
                finally:
                    has_ended.set()

    def report(self, audited: dict[str, int], seed: int) -> str:
        """Write the tables, and below them what was against a promise."""
        for action in _NEVER:
            self.watch.demand(f"{action} is in the audit log", holds=action not in audited)
        rows = table(("seed", str(seed)), *self.watch.rows(audited))
        wrongs = (f"{number} x {what}" for what, number in self.watch.wrongs.items())
        return "\n".join([*self.watch.periods(), "", rows, *wrongs])

    async def _live(self, visitor: Visitor, account: Account, has_ended: asyncio.Event) -> None:
        """A browser that goes wrong is one promise broken, and not the end of the others."""
        chance = Random(self._chance.random())  # noqa: S311 - what a browser does next
        connect = partial(wire, self._proxy.tls, self._proxy.trust)
        try:
            await Browser(visitor, account, self.watch, chance, connect).live(has_ended)
        except Exception as error:  # noqa: BLE001 - whatever it is, it may not be
            self.watch.demand(f"a browser gave up: {error!r}", holds=False)

    async def _visitor(self, stack: AsyncExitStack, number: int) -> Visitor:
        """Somebody with an address of their own, since HAProxy limits each."""
        client = self._proxy.client(address=f"127.0.1.{number + 1}")
        return visitor_of(await stack.enter_async_context(client))

    async def _settle(self, visitor: Visitor) -> Account:
        admin, account = await visitor.sign_in(ADMIN), Account(email=new_email())
        answer = await visitor.create_user(admin.access, NewUser.of(account).body)
        assert answer.status_code == 201, answer.text
        return account


@contextmanager
def _proxy(home: Path, trust: ssl.SSLContext, ports: list[int]) -> Iterator[Proxy]:
    authority, directory = trustme.CA(), home / "proxy"
    authority.configure_trust(trust)
    directory.mkdir()
    issued = authority.issue_cert(HOST, "127.0.0.1")
    chain, key = directory / "chain.pem", directory / "key.pem"
    chain.write_bytes(b"".join(each.bytes() for each in issued.cert_chain_pems))
    issued.private_key_pem.write_to_path(key)
    certificate = {"TLS_CERT": str(chain), "TLS_KEY": str(key)}
    with proxied("haproxy", directory, certificate, trust, *ports) as proxy:
        yield proxy


async def _audited(pair: Pair) -> dict[str, int]:
    connection = await asyncpg.connect(f"{pair.dsn}?target_session_attrs=primary")
    try:
        return {row["action"]: row["count"] for row in await connection.fetch(_AUDITED)}
    finally:
        await connection.close()


if __name__ == "__main__":
    main()
