"""A pair of PostgreSQL servers that Patroni watches over, with the file in `deploy`."""

import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx

from harness.patroni_member import Member
from harness.programs import changed
from harness.service import free_port
from latchkey.adapters.embedded_postgres.identity import identity_for

PROGRAMS: Final = Path("/usr/lib/postgresql/15/bin")
NEEDED: Final = ("etcd", "haproxy")
_FILES: Final = Path(__file__).parents[2] / "deploy" / "patroni"
_PATIENCE: Final = 90.0  # s, for all that Patroni does by itself
_POLL: Final = 0.2  # s
_LOOKS: Final = 6
_BETWEEN: Final = 1.0  # s
_TAIL: Final = 5_000  # characters of a log


class StuckError(Exception):
    """What Patroni does by itself has not come to pass for minutes."""


class Pair:
    """Two members."""

    def __init__(self, members: tuple[Member, Member], password: str) -> None:
        self.members = members
        self._password = password

    @property
    def dsn(self) -> str:
        """Both servers, to be tried in this order, as a superuser."""
        hosts = ",".join(f"127.0.0.1:{member.port}" for member in self.members)
        return f"postgresql://postgres:{self._password}@{hosts}/postgres"

    def leader(self) -> Member:
        """Return the member that is the primary now.

        Raises:
            StuckError: For minutes, there is none.
        """
        found: list[Member] = []

        def is_found() -> bool:
            found[:] = [each for each in self.members if _is(each, "primary")]
            return len(found) == 1

        wait_until(is_found, "there is one primary")
        return found[0]

    def other(self, member: Member) -> Member:
        """Return the other member."""
        return next(each for each in self.members if each is not member)

    def wait_until_whole(self) -> None:
        """Wait until commits wait for a standby again, and go on doing so.

        Raises:
            StuckError: They do not for minutes.
        """
        try:
            wait_until(self._stays_whole, "there is a primary with a synchronous standby")
        except StuckError as error:
            for member in self.members:
                error.add_note(member.log.read_text()[-_TAIL:])
            raise

    def wait_until_led_by(self, member: Member) -> None:
        """Wait until a member is the primary.

        Raises:
            StuckError: It is not for minutes.
        """
        wait_until(lambda: _is(member, "primary"), f"{member.name} is the primary")

    def switch_over(self) -> None:
        """Have the other member become the primary, as an operator asks for it."""
        leader = self.leader()
        asked = {"leader": leader.name, "candidate": self.other(leader).name}
        url = f"http://127.0.0.1:{leader.control}/switchover"
        answer = httpx.post(url, json=asked, timeout=60.0)
        answer.raise_for_status()

    def _stays_whole(self) -> bool:
        """Look more than once: a standby that cannot follow starts again every few seconds."""
        for _ in range(_LOOKS):
            if not any(_has_standby(member) for member in self.members):
                return False
            time.sleep(_BETWEEN)
        return True


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Wait until something holds.

    Raises:
        StuckError: It does not for minutes.
    """
    deadline = time.monotonic() + _PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise StuckError(f"in {_PATIENCE:.0f} s it did not come to pass that {what}")
        time.sleep(_POLL)


def missing() -> list[str]:
    """Name the programs that are not installed."""
    absent = [name for name in NEEDED if shutil.which(name, path=_path()) is None]
    return absent if PROGRAMS.exists() else [*absent, str(PROGRAMS)]


@contextmanager
def patroni_pair(home: Path) -> Iterator[Pair]:
    """Run etcd and two members for the length of a block; yield them when both are ready."""
    home.chmod(0o711)
    servers = home / "servers"
    servers.mkdir(mode=0o700)
    identity = identity_for(servers / "db1", PROGRAMS / "postgres")
    identity.own(servers)
    passwords = {f"change-me-{number}": secrets.token_hex(16) for number in (1, 2, 3)}
    program = _installed(home / "patroni")
    members = Member(program, "db1", servers, identity), Member(program, "db2", servers, identity)
    with _etcd(home) as etcd:
        try:
            for member in members:
                _configure(member, etcd, passwords)
                member.start()
            pair = Pair(members, passwords["change-me-1"])
            pair.wait_until_whole()
            yield pair
        finally:
            for member in members:
                member.lose()


def _installed(directory: Path) -> Path:
    """Install Patroni as the manual says, and return the program."""
    uv = [sys.executable, "-m", "uv", "--quiet"]
    python = str(directory / "bin" / "python")
    pins = str(_FILES / "requirements.lock")
    for command in (
        ["venv", "--python", "/usr/bin/python3", str(directory)],  # one that each user may run
        ["pip", "sync", "--require-hashes", "--python", python, pins],
    ):
        subprocess.run([*uv, *command], check=True)  # noqa: S603 - uv, and our own file
    return directory / "bin" / "patroni"


def _configure(member: Member, etcd: int, passwords: dict[str, str]) -> None:
    changes: dict[str, Any] = {
        "name: db1": f"name: {member.name}",
        "10.0.0.11:8008": f"127.0.0.1:{member.control}",
        "10.0.0.21:2379,10.0.0.22:2379,10.0.0.23:2379": f"127.0.0.1:{etcd}",
        "10.0.0.11:5432\n": f"127.0.0.1:{member.port}\n",
        "/var/lib/postgresql/15/latchkey": str(member.data),
        "/var/lib/postgresql/patroni.pgpass": str(member.home / f"{member.name}.pgpass"),
        "/var/run/postgresql": str(member.home),
        "10.0.0.0/24": "127.0.0.1/32",
    }
    file = member.home / f"{member.name}.yml"
    file.write_text(changed(_FILES / "patroni.yml", changes | passwords))
    member.identity.own(file)


@contextmanager
def _etcd(home: Path) -> Iterator[int]:
    clients, peers = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
    options = {
        "data-dir": str(home / "etcd"),
        "listen-client-urls": clients,
        "advertise-client-urls": clients,
        "listen-peer-urls": peers,
        "initial-advertise-peer-urls": peers,
        "initial-cluster": f"default={peers}",
    }
    words = [f"--{name}={value}" for name, value in options.items()]
    with (home / "etcd.log").open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - Debian's program
            ["/usr/bin/etcd", *words], stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
    try:
        yield int(clients.rpartition(":")[2])
    finally:
        process.kill()
        process.wait()


def _is(member: Member, role: str) -> bool:
    """Ask an agent for the role of its server, as load balancers do."""
    try:
        return httpx.get(f"http://127.0.0.1:{member.control}/{role}", timeout=2.0).is_success
    except httpx.TransportError:
        return False


def _has_standby(member: Member) -> bool:
    """Ask an agent whether its server is a primary whose commits wait for a standby."""
    try:
        told = httpx.get(f"http://127.0.0.1:{member.control}/patroni", timeout=2.0).json()
    except httpx.TransportError:
        return False
    streams = told.get("replication", [])
    return any((each["state"], each["sync_state"]) == ("streaming", "sync") for each in streams)


def _path() -> str:
    return f"{os.environ['PATH']}:/usr/sbin:/sbin"
