"""Mails that are written and sent while everything that takes part is killed."""

import asyncio
import ssl
import sys
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final

import asyncpg
import psutil
import trustme

from faults.mail_server import Restartable
from faults.mail_tally import Faults, Tally
from harness.mail_server import LOST, OK, Handler, Taken, mail_server
from harness.nodes import Node
from harness.service import Installation, Service
from latchkey.adapters.postgres import PostgresConfig, PostgresStorage
from latchkey.application.administration.change_user import ChangeUserCommand
from latchkey.domain.accounts.user import Role, User
from latchkey.domain.audit.event import RequestSource
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.domain.mail.mail import MailKind
from latchkey.entrypoints.container import Container
from latchkey.entrypoints.settings import from_env
from latchkey.testing.factories import UserFactory, address, password_hash
from production.deployment import HOST

LATER: Final = "451 4.3.0 later"
_WAITING: Final = "SELECT count(*) FROM mails WHERE failure IS NULL"
_WRITERS: Final = 4
_PATIENCE: Final = 300.0  # s, in which all that is left must be sent
_CRASH_LOOP: Final = 8.0  # s; the server ends itself if a worker dies so soon after its start
_SHORT_LEASE: Final = """#!{python}
from datetime import timedelta

from latchkey.entrypoints.container import mail

mail.LEASE = timedelta(seconds=6)  # of two minutes, which every kill would cost

from latchkey.entrypoints.cli import main

main()
"""


class Drill:
    """A service, its database and its mail server, which are all killed while it sends."""

    def __init__(
        self, production: Installation, node: Node, faults: Faults, chance: Random
    ) -> None:
        self.tally = Tally()
        self._node = node
        self._faults = faults
        self._chance = chance
        self._handler = Handler(data=self._answer)
        self._authority = trustme.CA()
        self._production = production
        self._service: Service | None = None
        self._finished = 0

    async def run(self, mails: int) -> None:
        """Write so many mails while everything is killed, and wait until all are sent."""
        with self._mail_server(0) as port:
            environ = self._environ(port)
            installation = replace(
                self._production, environ=environ, latchkey=self._command(self._production.home)
            )
        async with AsyncExitStack() as stack:
            stack.callback(self._end)
            server = stack.enter_context(self._restartable(port))
            self._service = await self._started(installation)
            container = await self._container(stack, environ)
            users = await self._users(container, mails)
            has_ended = asyncio.Event()
            async with asyncio.TaskGroup() as group:
                group.create_task(self._rage(installation, server, has_ended))
                for part in range(_WRITERS):
                    group.create_task(self._write(container, users[part::_WRITERS]))
                group.create_task(self._end_when_sent(has_ended))
        self.tally.take(self._handler.taken)

    def _answer(self, _: Taken) -> str:
        dice = self._chance.random()
        if dice < self._faults.later:
            return LATER
        return LOST if dice < self._faults.later + self._faults.lost else OK

    async def _write(self, container: Container, users: list[User]) -> None:
        for user in users:
            recipient = user.email.text
            await asyncio.sleep(self._chance.uniform(0, self._faults.pause))
            if self._chance.random() < self._faults.undone:
                self.tally.undone.add(recipient)
                with suppress(StorageUnavailableError):
                    await _undo(container, user)
                continue
            try:
                await container.change_user()(
                    ChangeUserCommand(
                        by=None, user_id=user.id, role=Role.ADMIN, source=RequestSource()
                    )
                )
            except StorageUnavailableError:
                self.tally.unknown.add(recipient)
                await asyncio.sleep(0.2)
            else:
                self.tally.committed.add(recipient)
        self._finished += 1

    async def _rage(
        self, installation: Installation, server: Restartable, has_ended: asyncio.Event
    ) -> None:
        number = 0
        while not has_ended.is_set():
            await asyncio.sleep(self._chance.uniform(*self._faults.every))
            kills = (self._kill_worker, self._kill_postgres, self._kill_service, server.restart)
            number += 1
            if self._finished < _WRITERS:  # then let what is left be sent
                name = await kills[number % 4](installation)
                self.tally.killed[name] += 1

    async def _kill_worker(self, _: Installation) -> str:
        assert self._service is not None
        parent = psutil.Process(self._service.process.pid)
        while not (old := [each for each in parent.children() if _is_old(each)]):  # noqa: ASYNC110 - time alone makes it old
            await asyncio.sleep(0.2)
        old[0].kill()
        return "workers"

    async def _kill_service(self, installation: Installation) -> str:
        assert self._service is not None
        await asyncio.to_thread(self._service.kill)
        self._service = await self._started(installation)
        return "services"

    async def _kill_postgres(self, _: Installation) -> str:
        await asyncio.to_thread(self._node.kill)
        await asyncio.to_thread(self._node.server.ensure_running)
        return "PostgreSQL servers"

    async def _end_when_sent(self, has_ended: asyncio.Event) -> None:
        async with asyncio.timeout(_PATIENCE):
            while self._finished < _WRITERS or await self._waiting():  # noqa: ASYNC110 - the outbox tells nobody
                await asyncio.sleep(0.5)
        has_ended.set()

    async def _waiting(self) -> int:
        """Count the mails that wait; some, while PostgreSQL is away."""
        try:
            connection = await asyncpg.connect(self._node.dsn)
        except (OSError, asyncpg.PostgresError):
            return 1
        try:
            return int(await connection.fetchval(_WAITING))
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return 1
        finally:
            connection.terminate()

    async def _started(self, installation: Installation) -> Service:
        service = installation.start()
        await asyncio.to_thread(service.wait_until_ready)
        return service

    def _end(self) -> None:
        if self._service is not None:
            self._service.kill()

    async def _container(self, stack: AsyncExitStack, environ: dict[str, str]) -> Container:
        storage = PostgresStorage(PostgresConfig(dsn=self._node.dsn))
        await storage.open()
        stack.push_async_callback(storage.close)
        return Container(settings=from_env(environ), storage=storage)

    async def _users(self, container: Container, count: int) -> list[User]:
        prefix = f"d{self._chance.getrandbits(40):x}"
        users = [
            replace(UserFactory.build(), email=address(f"{prefix}-{place}@example.org"))
            for place in range(count)
        ]
        for user in users:
            await container.storage().users.add(user, password_hash())
        return users

    def _environ(self, port: int) -> dict[str, str]:
        authority = self._production.home / "authority.pem"
        self._authority.cert_pem.write_to_path(str(authority))
        url = f"smtp://latchkey:canary-Kettle-58-harbour@localhost:{port}"
        return {
            **self._production.environ,
            "SMTP_URL": url,
            "MAIL_FROM": "Latchkey <no-reply@latchkey.example>",
            "MAIL_CONTACT": "help@latchkey.example",
            "PUBLIC_URL": f"https://{HOST}",
            "SSL_CERT_FILE": str(authority),
        }

    def _command(self, home: Path) -> Path:
        command = home / "latchkey-with-short-lease"
        command.write_text(_SHORT_LEASE.format(python=sys.executable))
        command.chmod(0o755)
        return command

    @contextmanager
    def _mail_server(self, port: int) -> Iterator[int]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert("localhost").configure_cert(context)
        with mail_server(context, handler=self._handler, port=port) as server:
            yield server.port

    @contextmanager
    def _restartable(self, port: int) -> Iterator[Restartable]:
        server = Restartable(lambda: self._mail_server(port))
        server.start()
        try:
            yield server
        finally:
            server.stop()


async def _undo(container: Container, user: User) -> None:
    """Change a role and write the mail about it, and roll both back."""
    now = container.storage().clock.now()
    async with container.storage().units.begin() as unit:
        changed = await unit.users.set_role(user.id, Role.ADMIN)
        assert changed is not None
        await container.notices().write(unit, MailKind.ROLE_CHANGED, changed, now, role="ADMIN")


def _is_old(worker: psutil.Process) -> bool:
    return time.time() - worker.create_time() > _CRASH_LOOP
