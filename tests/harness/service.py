"""Latchkey's command in a directory of its own: run to its end, or started to serve."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from ssl import SSLContext
from tempfile import TemporaryFile
from typing import IO, Any, Final, TypeAlias

import httpx

from harness.forks import Files, Forked, fork
from harness.leaks import TOKEN, search, search_log
from harness.trust import TRUST

LATCHKEY: Final = Path(sys.executable).with_name("latchkey")
_LOOPBACK: Final = "127.0.0.1"
_FOUND: Final[set[int]] = set()  # by `free_port`
_RUN_WITHIN: Final = 120.0  # s
_START_WITHIN: Final = 120.0  # s; the first start in a new directory creates the database
_END_WITHIN: Final = 25.0  # s; less than the 30 after which a worker that does not end is killed
_TIMEOUT: Final = 30.0  # s
_POLL: Final = 0.05  # s


Process: TypeAlias = subprocess.Popen[bytes] | Forked


class StartError(Exception):
    """The service ended, or did not become ready in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A started service: with its workers a process group of its own, so that none survives.

    Attributes:
        url: Scheme and authority, without a path.
        log: A file with everything that it writes; it is searched for secrets at the end.
    """

    process: Process
    url: str
    log: Path

    @property
    def port(self) -> int:
        """Where it listens on the loopback."""
        return int(self.url.rpartition(":")[2])

    def client(
        self, headers: Mapping[str, str] | None = None, trust: SSLContext | None = None
    ) -> httpx.AsyncClient:
        """Create a client that stores no cookie and follows no redirect."""
        return httpx.AsyncClient(
            base_url=self.url,
            verify=trust or TRUST,
            headers=headers,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            timeout=_TIMEOUT,
        )

    def wait_until_ready(self, trust: SSLContext | None = None) -> None:
        """Return as soon as it responds, database and all.

        Raises:
            StartError: It ended instead, or takes too long; the message has its log.
        """
        deadline = time.monotonic() + _START_WITHIN
        with httpx.Client(base_url=self.url, verify=trust or TRUST) as http:
            while not _is_ready(http):
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise StartError(f"the service did not start:\n{self.log.read_text()}")
                time.sleep(_POLL)

    def end(self) -> int:
        """Ask it to end, and return its exit status; kill it if it doesn't."""
        self.process.terminate()
        try:
            return self.process.wait(_END_WITHIN)
        finally:
            self.kill()

    def kill(self) -> None:
        """End it and its workers at once, as `kill -9` does."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        search_log(self.log)


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """The command, its settings, and a directory to run in.

    Attributes:
        home: The working directory and the home of every process, and the place of their logs.
        environ: Every variable that is set besides `PATH` and `HOME`. Without `PORT`, each
            service gets a free one.
        latchkey: The command; None to fork it from a process that has imported the service, which
            saves most of the time that a command takes.
    """

    home: Path
    environ: Mapping[str, str]
    latchkey: Path | None = None

    def run(
        self, *arguments: str, given: str = "", **environ: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, with further variables."""
        with TemporaryFile() as read, TemporaryFile() as out, TemporaryFile() as err:
            read.write(given.encode())
            read.seek(0)
            files = (read.fileno(), out.fileno(), err.fileno())
            process = self._spawn(arguments, {**self.environ, **environ}, files)
            try:
                status = process.wait(_RUN_WITHIN)
            finally:
                process.kill()
                process.wait()
            ended = subprocess.CompletedProcess(arguments, status, _text(out), _text(err))
        told = frozenset({TOKEN}) if arguments[0] == "reset-link" else frozenset[str]()
        printed = ended.stdout + ended.stderr
        search("outputs", f"latchkey {' '.join(arguments)}", printed, but=told)
        return ended

    def audited(self, *options: str, **environ: str) -> list[dict[str, Any]]:
        """Read the audit log, oldest event first."""
        shown = self.run("audit", "--json", "--limit", "10000", *options, **environ)
        assert shown.returncode == 0, shown.stderr
        return [json.loads(line) for line in shown.stdout.splitlines()]

    def start(self, **environ: str) -> Service:
        """Start to serve, with further variables; the caller ends it."""
        chosen = {"PORT": str(free_port()), **self.environ, **environ}
        port, log = chosen["PORT"], self.home / f"{chosen['PORT']}.log"
        with _appending(log) as files:
            process = self._spawn(["serve"], chosen, files, leads=True)
        scheme = "https" if "TLS_CERT" in chosen else "http"
        return Service(process=process, url=f"{scheme}://{_LOOPBACK}:{port}", log=log)

    @contextmanager
    def serving(self, trust: SSLContext | None = None, /, **environ: str) -> Iterator[Service]:
        """Serve for the length of a block, from when the service is ready."""
        with reserved_port() as port:
            service = self.start(**{"PORT": str(port), **self.environ, **environ})
            try:
                service.wait_until_ready(trust)
                yield service
            finally:
                service.end()

    def _spawn(
        self,
        arguments: Sequence[str],
        environ: Mapping[str, str],
        files: Files,
        *,
        leads: bool = False,
    ) -> Process:
        if self.latchkey is None:
            return fork(arguments, self.home, _variables(self.home, environ), files, leads=leads)
        return _execute([self.latchkey, *arguments], self.home, environ, files, leads=leads)


def launch(
    command: Sequence[str | Path], home: Path, environ: Mapping[str, str], log: Path
) -> subprocess.Popen[bytes]:
    """Start a service; the caller ends it.

    Args:
        command: The program and its arguments.
        home: The working directory, and the user's.
        environ: Every variable that is set besides `PATH` and `HOME`.
        log: A file to append to.
    """
    with _appending(log) as files:
        return _execute(command, home, environ, files, leads=True)


@contextmanager
def reserved_port() -> Iterator[int]:
    """Keep a port from others who look for a free one; a service may listen on it all the same."""
    with socket.socket() as keeper:
        keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        keeper.bind((_LOOPBACK, 0))
        port: int = keeper.getsockname()[1]
        yield port


def free_port() -> int:
    """Find a port of the loopback that nobody listens on, a different one each time."""
    while True:
        with reserved_port() as port:
            if port not in _FOUND:
                _FOUND.add(port)
                return port


@contextmanager
def _appending(log: Path) -> Iterator[Files]:
    with log.open("ab") as output, Path(os.devnull).open("rb") as nothing:
        yield nothing.fileno(), output.fileno(), output.fileno()


def _execute(
    command: Sequence[str | Path],
    home: Path,
    environ: Mapping[str, str],
    files: Files,
    *,
    leads: bool,
) -> subprocess.Popen[bytes]:
    read, out, err = files
    return subprocess.Popen(  # noqa: S603 - our own commands
        command,
        cwd=home,
        env=_variables(home, environ),
        stdin=read,
        stdout=out,
        stderr=err,
        start_new_session=leads,
    )


def _variables(home: Path, environ: Mapping[str, str]) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(home), **environ}


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


def _is_ready(http: httpx.Client) -> bool:
    try:
        return http.get("/health/ready").is_success
    except httpx.TransportError:
        return False
