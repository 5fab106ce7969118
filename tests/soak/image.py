"""`python -m soak.image`: the image of `deploy/Containerfile`, made and run without an engine.

Needs root, mmdebstrap, and what the Containerfile copies: the wheel and the pages.
"""

import asyncio
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import click
import httpx
import psutil

from harness.keeper import SETTINGS
from harness.postgres import kept_server
from harness.service import free_port
from latchkey.adapters.embedded_postgres.server import EmbeddedServer
from production.deployment import ADMIN, HOST, PROXY, visitor_of
from soak.containerfile import ROOT, Image, built

USER: Final = 54321  # whoever: neither root nor the Containerfile's, and unknown to the image
_NAMESPACES: Final = ("unshare", "--mount", "--pid", "--fork", "--kill-child")
_START: Final = """
mount --make-rprivate /
mount --bind "$1" "$1"
mount --bind "$2" "$1/run/secrets"
mount -t proc proc "$1/proc"
mount -o remount,bind,ro "$1"
root=$1; shift 2
exec chroot "$root" "$@"
"""
_UNPRIVILEGED: Final = (
    *("setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--no-new-privs"),
    *("--inh-caps=-all", "--bounding-set=-all"),
)
_ORPHAN: Final = "sleep 3 >/dev/null 2>&1 & exec true"  # who runs it need not wait for it
_PATIENCE: Final = 60.0  # s
_POLL: Final = 0.05  # s


class Container:
    """An image, with a read-only root and no home, and the settings of a service."""

    def __init__(self, image: Image, mounted: Path, dsn: str) -> None:
        self.port = free_port()
        self._image = image
        self._mounted = mounted
        (image.root / "run" / "secrets").mkdir()
        contents = {"database_url": dsn}
        contents |= {name: secrets.token_hex(32) for name in ("jwt", "refresh", "factor")}
        for name, content in contents.items():
            file = mounted / name
            file.write_text(content)
            file.chmod(0o400)
            os.chown(file, USER, USER)
        mounted.chmod(0o755)

    def command(self, *command: str) -> list[str]:
        """Return the command that runs another one as process 1 of a container."""
        environ = self._image.environ | {
            "PORT": str(self.port),
            "ALLOWED_HOSTS": HOST,
            "TRUSTED_PROXIES": "127.0.0.1/32",
            "WORKERS": "2",
            "DATABASE_URL_FILE": "/run/secrets/database_url",
            "JWT_SECRET_FILE": "/run/secrets/jwt",
            "REFRESH_SECRET_FILE": "/run/secrets/refresh",
            "FACTOR_SECRET_FILE": "/run/secrets/factor",
        }
        variables = [f"{name}={value}" for name, value in environ.items()]
        start = (*_NAMESPACES, "sh", "-ec", _START, "sh", self._image.root, self._mounted)
        return [*map(str, start), *_UNPRIVILEGED, "env", "-i", *variables, *command]

    def run(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command of the service to its end."""
        return _run(self.command(*self._image.entrypoint, *arguments), given)

    def is_healthy(self) -> bool:
        """Run the image's health check."""
        usual, ours = f":{self._image.port}/", f":{self.port}/"
        health = [word.replace(usual, ours) for word in self._image.health]
        return _run(self.command(*health)).returncode == 0

    @contextmanager
    def serving(self, log: Path) -> Iterator[psutil.Process]:
        """Start the service, and yield what is process 1 for itself."""
        with log.open("w") as output:
            process = subprocess.Popen(  # noqa: S603 - our own command
                self.command(*self._image.entrypoint, *self._image.command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        try:
            _wait(lambda: process.poll() is not None or self._is_ready(), "it is ready")
            if process.poll() is not None:
                raise RuntimeError(f"the service did not start: {log.read_text()}")
            [first] = psutil.Process(process.pid).children()
            yield first
        finally:
            for child in psutil.Process(process.pid).children():  # setpriv lets them outlive it
                child.kill()
            process.kill()
            process.wait()

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/health/ready").is_success
        except httpx.TransportError:
            return False


@click.command()
def main() -> None:
    """Make the image, serve from it, and print what does not hold."""
    if os.getuid() != 0 or shutil.which("mmdebstrap") is None:
        raise click.UsageError("needs root and mmdebstrap")
    if not any((ROOT / "dist").glob("latchkey-*.whl")) or not (ROOT / "frontend/out").is_dir():
        raise click.UsageError("needs the wheel and the pages: ./justw build, ./justw web")
    with TemporaryDirectory(prefix="latchkey-image-") as directory, kept_server() as home:
        began = time.monotonic()
        image = built(Path(directory))
        click.echo(f"image made in {time.monotonic() - began:.0f} s")
        settings = {"listen_addresses": "127.0.0.1", "port": str(free_port())}
        EmbeddedServer(home / "tcp", SETTINGS | settings).ensure_running()
        dsn = f"postgresql://latchkey@127.0.0.1:{settings['port']}/postgres"
        mounted = Path(directory) / "mounted"
        mounted.mkdir()
        wrong = list(checked(Container(image, mounted, dsn), Path(directory) / "log"))
    click.echo("\n".join(wrong) or "everything holds")
    sys.exit(bool(wrong))


def checked(container: Container, log: Path) -> Iterator[str]:
    """Take the image into service as the compose file does, and yield what does not hold."""
    migrated = container.run("migrate")
    if migrated.returncode:
        yield f"migrate: {migrated.stdout}{migrated.stderr}"
    named = ("--email", ADMIN.email, "--name", ADMIN.name)
    created = container.run("create-admin", *named, "--password-stdin", given=f"{ADMIN.password}\n")
    if created.returncode:
        yield f"create-admin: {created.stdout}{created.stderr}"
    if container.is_healthy():
        yield "the health check is content before the service runs"
    with container.serving(log) as first:
        yield from _asked(container)
        yield from _inspected(first)
        if not container.is_healthy():
            yield "the health check is not content"
        first.terminate()
        status = psutil.Process(first.ppid()).wait(_PATIENCE)
    if status != 0:
        yield f"SIGTERM to process 1 ends it with {status}: {log.read_text()}"


def _asked(container: Container) -> Iterator[str]:
    async def ask() -> list[int]:
        url = f"http://127.0.0.1:{container.port}"
        async with httpx.AsyncClient(base_url=url, headers=PROXY) as http:
            login = await visitor_of(http).login(ADMIN.credentials)
            return [login.status_code, (await http.get("/")).status_code]

    if (statuses := asyncio.run(ask())) != [200, 200]:
        yield f"login and the first page got {statuses}"


def _inspected(first: psutil.Process) -> Iterator[str]:
    """Look at the processes, and whether process 1 reaps what is left to it."""
    users = {process.uids() for process in [first, *first.children(recursive=True)]}
    if {user for each in users for user in each} != {USER}:
        yield f"processes run as {users}"
    inside = ("nsenter", f"--target={first.pid}", "--pid", "--mount", "--root")
    wrote = _run([*inside, *_UNPRIVILEGED, "touch", "/tmp/file"])  # noqa: S108 - in the container
    if "Read-only file system" not in wrote.stderr:
        yield f"a file could be written: {wrote.stderr}"
    _run([*inside, *_UNPRIVILEGED, "sh", "-c", _ORPHAN])
    _wait(lambda: "sleep" in _names(first), "process 1 has adopted an orphan")
    try:
        _wait(lambda: "sleep" not in _names(first), "process 1 has reaped it")
    except TimeoutError as error:
        yield str(error)


def _wait(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"in {_PATIENCE:.0f} s it did not come to pass that {what}")
        time.sleep(_POLL)


def _names(first: psutil.Process) -> set[str]:
    return {child.name() for child in first.children()}


def _run(command: list[str], given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own commands
        command, input=given, capture_output=True, text=True, timeout=_PATIENCE, check=False
    )


if __name__ == "__main__":
    main()
