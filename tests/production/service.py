"""`latchkey serve` as production runs it: a process of its own, on a port of the loopback."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from ssl import SSLContext
from typing import Any, Final

import httpx

from canary import search
from contract.flow.deployments import Account, forgetful_jar

HOST: Final = "auth.latchkey.example"
ADMIN: Final = Account(email="admin@latchkey.example", password="canary-Kettle-93-harbour")
PROXY: Final = {"Host": HOST, "X-Forwarded-Proto": "https"}
"""What a proxy that ends TLS sends on."""

_LATCHKEY: Final = Path(sys.executable).with_name("latchkey")
_START_WITHIN: Final = 30.0  # s
_END_WITHIN: Final = 30.0  # s
_POLL: Final = 0.05  # s


@dataclass(frozen=True, slots=True, kw_only=True)
class Production:
    """What is set for every process of a deployment, and where they run.

    Attributes:
        home: An empty directory: their working directory and the place of their logs.
        environ: Everything that is set, without a port.
    """

    home: Path
    environ: Mapping[str, str]

    @classmethod
    def at(cls, home: Path, dsn: str) -> "Production":
        """Set what production requires, and what spares time."""
        environ = {
            "APP_ENV": "production",
            "DATABASE_URL": dsn,
            "JWT_SECRET": secrets.token_hex(32),
            "ALLOWED_HOSTS": f"{HOST},127.0.0.1",
            "WORKERS": "2",
            "BCRYPT_ROUNDS": "10",
        }
        return cls(home=home, environ=environ)

    @classmethod
    def prepared(cls, home: Path, dsn: str) -> "Production":
        """Prepare a deployment as the manual says: migrate, then make an administrator."""
        production = cls.at(home, dsn)
        migrated = production.run("migrate")
        assert migrated.returncode == 0, migrated.stderr
        created = production.run(
            *("create-admin", "--email", ADMIN.email, "--name", ADMIN.name, "--password-stdin"),
            given=f"{ADMIN.password}\n",
        )
        assert created.returncode == 0, created.stderr
        return production

    def run(
        self, *arguments: str, given: str = "", **environ: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        ended = subprocess.run(  # noqa: S603 - our own command
            [_LATCHKEY, *arguments],
            cwd=self.home,
            env=self._environ(environ),
            input=given,
            capture_output=True,
            text=True,
            timeout=_START_WITHIN,
            check=False,
        )
        search("outputs", f"latchkey {' '.join(arguments)}", ended.stdout + ended.stderr)
        return ended

    def audited(self, *options: str, **environ: str) -> list[dict[str, Any]]:
        """Read the record of what happened, oldest first."""
        shown = self.run("audit", "--json", "--limit", "10000", *options, **environ)
        assert shown.returncode == 0, shown.stderr
        return [json.loads(line) for line in shown.stdout.splitlines()]

    def start(self, **environ: str) -> "Service":
        """Start to serve; the one who starts ends it."""
        port = free_port()
        log = self.home / f"{port}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 - our own command
                [_LATCHKEY, "serve"],
                cwd=self.home,
                env=self._environ({**environ, "PORT": str(port)}),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        scheme = "https" if "TLS_CERT" in environ else "http"
        return Service(process=process, log=log, port=port, scheme=scheme)

    @contextmanager
    def serving(self, trust: SSLContext | None = None, /, **environ: str) -> Iterator["Service"]:
        """Serve while the block lasts."""
        service = self.start(**environ)
        try:
            service.wait_until_ready(trust)
            yield service
        finally:
            service.end()

    def _environ(self, environ: Mapping[str, str]) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "HOME": str(self.home), **self.environ, **environ}


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A started service.

    Attributes:
        log: A file with everything that it writes.
    """

    process: subprocess.Popen[bytes]
    log: Path
    port: int
    scheme: str

    @property
    def url(self) -> str:
        """Scheme and authority, without a path."""
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def client(
        self, headers: Mapping[str, str] | None = None, trust: SSLContext | None = None
    ) -> httpx.AsyncClient:
        """Make a client that remembers no cookie and follows no redirect."""
        return httpx.AsyncClient(
            base_url=self.url,
            verify=trust or True,
            headers=headers,
            cookies=forgetful_jar(),
            timeout=30,
        )

    def wait_until_ready(self, trust: SSLContext | None = None) -> None:
        """Return as soon as it answers, database and all."""
        deadline = time.monotonic() + _START_WITHIN
        while not self._is_ready(trust):
            is_over = self.process.poll() is not None or time.monotonic() > deadline
            assert not is_over, self.log.read_text()
            time.sleep(_POLL)

    def end(self) -> int:
        """Ask it to end, and give its exit status; none of its workers survives."""
        self.process.terminate()
        try:
            return self.process.wait(_END_WITHIN)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def _is_ready(self, trust: SSLContext | None) -> bool:
        try:
            return httpx.get(f"{self.url}/health/ready", verify=trust or True).is_success
        except httpx.TransportError:
            return False


def free_port() -> int:
    """Find a port of the loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
