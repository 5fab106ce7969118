"""A base backup, changes after it, and a restore to an instant between them, as the manual says."""

import asyncio
import os
import re
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from faults.conftest import CALM
from faults.pair import fetch, until
from faults.restore_crowd import REFUSED, WITH_THE_OLD_SECRET, Crowd
from harness.nodes import Node, older_programs
from harness.postgres import MANUAL
from harness.service import Installation
from latchkey.testing.flow.deployments import Account
from latchkey.testing.flow.fixtures import new_email
from latchkey.testing.flow.visitor import NewUser, Visitor
from production.deployment import ADMIN, PROXY, prepared, visitor_of

_SETTINGS: Final = {**CALM, "SESSIONS_PER_USER": "10000", "WORKERS": "1"}
_NEW_PASSWORD: Final = "canary-Kettle-57-harbour"
_LATE: Final = {"login_succeeded", "session_ended", "user_disabled", "password_changed"}
_NOW: Final = "SELECT clock_timestamp()::text"
_LAST_WAL: Final = "SELECT pg_walfile_name(pg_switch_wal())"
_ARCHIVED: Final = "SELECT coalesce(last_archived_wal >= $1, false) FROM pg_stat_archiver"
_IS_OPEN: Final = "SELECT NOT pg_is_in_recovery()"


@dataclass(slots=True)
class Outcome:
    """What came of it.

    Attributes:
        seconds: What each step took.
        events: How many events the audit log has, and the copy alone.
        asked: How many sessions had which fate and got what from the restored service, with new
            secrets, as the manual asks for.
        asked_with_old: The same with the old ones.
        read: The statuses that their access tokens got, with new ones.
        wrong: Each promise that was broken, in words.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    events: Counter[str] = field(default_factory=Counter)
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    asked_with_old: Counter[tuple[str, str]] = field(default_factory=Counter)
    read: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def demand(self, promise: str, *, holds: bool) -> None:
        """Note a promise that was broken."""
        if not holds:
            self.wrong.append(promise)

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Note what a step takes."""
        began = time.monotonic()
        yield
        self.seconds[step] = time.monotonic() - began


class Drill:
    """A server with an archive, and another one that is restored from its backup."""

    def __init__(self, home: Path) -> None:
        """Name the directories, all below one whose servers are stopped in the end."""
        self.outcome = Outcome()
        self._home = home
        programs = older_programs()  # the pg_verifybackup of the newer ones doesn't start
        self._original = Node(home / "original", programs)
        self._restored = Node(home / "restored", programs)
        self._archive = home / "archive"

    async def run(self, each: int) -> None:
        """Back up, go on, restore and ask, with so many sessions of each fate."""
        await asyncio.to_thread(self._start)
        installation = prepared(self._home, self._original.dsn)
        old = {**_SETTINGS, "REFRESH_SECRET": secrets.token_hex(32)}
        people = [Account(email=new_email()) for _ in range(3)]
        crowd = Crowd(people[0], each)
        async with _serving(installation, old) as visitor:
            instant = await self._live(visitor, crowd, people)
            _disable_and_change(installation, people)
        copy = installation.audited()
        await self._lose_original()
        await asyncio.to_thread(self._recover, instant)

        restored = {**old, "DATABASE_URL": self._restored.dsn}
        self._compare(copy, installation.audited(DATABASE_URL=self._restored.dsn))
        renewed = restored | {
            name: secrets.token_hex(32) for name in ("JWT_SECRET", "REFRESH_SECRET")
        }
        await self._return_to_service(installation, renewed, crowd, people)
        async with _serving(installation, restored) as visitor:
            self.outcome.asked_with_old = await crowd.refreshed(visitor)
        self._judge()

    def _start(self) -> None:
        """Start the original, with an archive."""
        self._original.server.ensure_running()
        self._archive.mkdir(mode=0o700)
        self._original.program("pg_ctl").own(self._archive)
        self._configure(self._original, "archive_mode")
        self._original.server.stop()
        self._original.server.ensure_running()

    async def _live(self, visitor: Visitor, crowd: Crowd, people: list[Account]) -> str:
        """Have sessions begin, go on and end, and return the instant that is restored later."""
        admin = await visitor.sign_in(ADMIN)
        for account in people:
            created = await visitor.create_user(admin.access, NewUser.of(account).body)
            assert created.status_code == 201, created.text
        await crowd.sign_in(visitor)
        with self.outcome.timed("base backup"):
            await asyncio.to_thread(self._back_up)
        with self.outcome.timed("check of the base backup"):
            await asyncio.to_thread(self._verify)
        await crowd.come_to_the_instant(visitor)
        instant = str(await fetch(self._original, _NOW))
        await crowd.go_on(visitor)
        return instant

    def _back_up(self) -> None:
        """Put a base backup where the other server is going to have its data."""
        data = self._restored.data
        data.mkdir(mode=0o700)
        backup = self._restored.program("pg_basebackup")
        backup.own(data)
        where = ("-h", self._original.sockets, "-U", "latchkey")
        backup.run("--pgdata=.", "--checkpoint=fast", *where, cwd=data)

    def _verify(self) -> None:
        """Have PostgreSQL compare the base backup with its manifest, and read its WAL."""
        verification = self._restored.program("pg_verifybackup")
        verification.run("--exit-on-error", ".", cwd=self._restored.data)

    async def _lose_original(self) -> None:
        """Have the last changes archived, then end the server for good."""
        await until(self._original, _ARCHIVED, await fetch(self._original, _LAST_WAL))
        self._original.kill()

    def _recover(self, instant: str) -> None:
        data = self._restored.data
        with self.outcome.timed("recovery of PostgreSQL"):
            (data / ".s.PGSQL.5432.lock").unlink()  # the original's
            self._configure(self._restored, "restore_command", recovery_target_time=instant)
            signal = data / "recovery.signal"
            signal.touch()
            os.chown(signal, data.stat().st_uid, data.stat().st_gid)
            self._restored.server.ensure_running()
            asyncio.run(until(self._restored, _IS_OPEN))

    def _configure(self, node: Node, first: str, **values: str) -> None:
        """Add the lines of the manual that begin with a setting, some with other values."""
        [lines] = re.findall(rf"```ini\n({first} .+?)```", MANUAL.read_text(), re.DOTALL)
        lines = lines.replace("/srv/archive", str(self._archive))
        for name, value in values.items():
            lines, count = re.subn(rf"{name} = '.+?'", f"{name} = '{value}'", lines)
            assert count == 1, f"the manual does not set {name}"
        with (node.data / "postgresql.conf").open("a") as configuration:
            configuration.write(lines)

    def _compare(self, copy: list[dict[str, Any]], restored: list[dict[str, Any]]) -> None:
        late = copy[len(restored) :]
        self.outcome.events["in the restored audit log"] = len(restored)
        self.outcome.events["in the copy alone"] = len(late)
        is_whole = restored == copy[: len(restored)]
        self.outcome.demand("the audit log is whole up to the instant", holds=is_whole)
        actions = {event["action"] for event in late}
        self.outcome.demand("the copy tells what came after it", holds=actions >= _LATE)

    def _judge(self) -> None:
        demand = self.outcome.demand
        answers = {answer for _, answer in self.outcome.asked}
        demand("with new secrets, no session is alive", holds=answers == {REFUSED})
        demand("nor is an access token", holds=set(self.outcome.read) == {401})
        fates = dict(self.outcome.asked_with_old.keys())
        demand(f"with the old ones: {WITH_THE_OLD_SECRET}", holds=fates == WITH_THE_OLD_SECRET)
        is_single = len(self.outcome.asked_with_old) == len(fates)
        demand("with the old ones, all of a fate get the same", holds=is_single)

    async def _return_to_service(
        self,
        installation: Installation,
        renewed: dict[str, str],
        crowd: Crowd,
        people: list[Account],
    ) -> None:
        """Do what the manual asks for before clients return, and see what they get."""
        demand = self.outcome.demand
        began = time.monotonic()
        for command in ("migrate", "doctor"):
            done = await asyncio.to_thread(installation.run, command, **renewed)
            demand(f"{command} succeeds: {done.stderr}", holds=done.returncode == 0)
        async with _serving(installation, renewed) as visitor:
            await visitor.sign_in(people[0])
            self.outcome.seconds["migrate, doctor, serve, first login"] = time.monotonic() - began
            self.outcome.asked = await crowd.refreshed(visitor)
            self.outcome.read = await crowd.read(visitor)
            _disable_and_change(installation, people, **renewed)
            answers = [await visitor.login(person.credentials) for person in people]
        statuses = [answer.status_code for answer in answers]
        demand("what is repeated from the copy is in effect", holds=statuses == [200, 401, 401])


def _disable_and_change(installation: Installation, people: list[Account], **environ: str) -> None:
    """Disable the second user, and change the password of the third."""
    _, disabled, changed = people
    done = [
        installation.run("disable-user", disabled.email, **environ),
        installation.run(
            *("set-password", changed.email, "--password-stdin"),
            given=f"{_NEW_PASSWORD}\n",
            **environ,
        ),
    ]
    assert [each.returncode for each in done] == [0, 0], [each.stderr for each in done]


@asynccontextmanager
async def _serving(installation: Installation, environ: dict[str, str]) -> AsyncIterator[Visitor]:
    with installation.serving(**environ) as service:
        async with service.client(PROXY) as http:
            yield visitor_of(http)
