"""Several services on one database, which are replaced one by one."""

import io
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final, Self

from faults.conftest import CALM
from harness.service import LATCHKEY, Installation, Service, free_port
from production.deployment import prepared

ROOT: Final = Path(__file__).parents[2]
_COMMAND: Final = """#!{python}
import sys

sys.path.insert(0, "{tree}/lib")

from latchkey.entrypoints.cli import main

main()
"""


class Replicas:
    """Services with one worker each.

    Attributes:
        old: The release that they run at first, if it is another one.
    """

    def __init__(self, installation: Installation, count: int, old: Path | None) -> None:
        """Start none yet."""
        self.old = old
        self.ports = [free_port() for _ in range(count)]
        self._new = replace(installation, latchkey=LATCHKEY)
        self._running: list[Service] = []

    @classmethod
    @contextmanager
    def serving(cls, home: Path, dsn: str, count: int, old: Path | None) -> Iterator[Self]:
        """Prepare a database, and serve for the length of a block."""
        directory = home / "service"
        directory.mkdir()
        production = prepared(directory, dsn, old or LATCHKEY)
        replicas = cls(production, count, old)
        try:
            replicas._running += [replicas._started(production, port) for port in replicas.ports]
            yield replicas
        finally:
            for service in replicas._running:
                service.kill()

    def restart_each(self) -> None:
        """Replace one after the other by the new release, as an operator does."""
        for place, service in enumerate(self._running):
            service.end()
            self._running[place] = self._started(self._new, self.ports[place])

    def migrate_twice_at_once(self) -> None:
        """Bring the database up to date, as two hosts do that begin at the same time."""
        with ThreadPoolExecutor() as pool:
            done = list(pool.map(self._new.run, ["migrate", "migrate"]))
        assert [each.returncode for each in done] == [0, 0], [each.stderr for each in done]

    def _started(self, installation: Installation, port: int) -> Service:
        service = installation.start(**{**CALM, "WORKERS": "1", "PORT": str(port)})
        service.wait_until_ready()
        return service


def checked_out(commit: str, home: Path) -> Path:
    """Return the command of the service as it was at a commit, on today's libraries."""
    tree = home / "old"
    archived = subprocess.run(  # noqa: S603 - of our own history
        ["/usr/bin/git", "archive", commit, "src", "lib"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    with tarfile.open(fileobj=io.BytesIO(archived.stdout)) as packed:
        packed.extractall(tree, filter="tar")
    command = home / "latchkey-old"
    command.write_text(_COMMAND.format(python=sys.executable, tree=tree))
    command.chmod(0o755)
    return command
