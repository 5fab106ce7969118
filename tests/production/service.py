"""`latchkey serve` as production runs it: a process of its own, on a port of the loopback."""

import json
import os
import secrets
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from ssl import SSLContext
from typing import Any, Final

import httpx

from canary import search
from latchkey.testing.flow.deployments import Account, forgetful_jar
from serving import LATCHKEY, Serving, free_port, launch

HOST: Final = "auth.latchkey.example"
ADMIN: Final = Account(email="admin@latchkey.example", password="canary-Kettle-93-harbour")
PROXY: Final = {"Host": HOST, "X-Forwarded-Proto": "https"}
"""What a proxy that ends TLS sends on."""

_RUN_WITHIN: Final = 30.0  # s


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
            [LATCHKEY, *arguments],
            cwd=self.home,
            env=self._environ(environ),
            input=given,
            capture_output=True,
            text=True,
            timeout=_RUN_WITHIN,
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
        process = launch(self.home, {**self.environ, **environ, "PORT": str(port)}, log)
        scheme = "https" if "TLS_CERT" in environ else "http"
        return Service(process=process, url=f"{scheme}://127.0.0.1:{port}", log=log)

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


class Service(Serving):
    """A started service, and clients of it."""

    __slots__ = ()

    @property
    def port(self) -> int:
        """Where it listens on the loopback."""
        return int(self.url.rpartition(":")[2])

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
