"""As which user PostgreSQL's programs run, which refuse to run as root.

If this process is not root's, they run as its user. Otherwise they run as the owner of the data.
Before there are data, they run as the first user of `_CANDIDATES` who can enter all directories on
the way to the data and to the programs. If none can, as where the repository is in /root, they run
as root without its privileges: in a user namespace, where they see themselves as nobody. If the
system allows no user namespaces, as Docker does by default, they run as another user with one
privilege of root's: to enter all directories.

Only the directory that contains the data is changed: it is made enterable, but not listable
(`o+x`). The directories above it are somebody else's.
"""

import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypedDict

from latchkey.adapters.embedded_postgres.errors import EmbeddedPostgresError

_CANDIDATES: Final = ("postgres", "_postgres", "nobody")


class RunAs(TypedDict, total=False):
    """Arguments of `subprocess.run`."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A user, and how a program is started as that user.

    Attributes:
        uid: The number of the user.
        gid: The number of the user's group.
        prefix: How the command begins.
        is_other: Whether it is not the user of this process.
        enters_all: Whether no directory is closed to it.
    """

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()
    is_other: bool = False
    enters_all: bool = False

    @property
    def run_as(self) -> RunAs:
        """The arguments with which `subprocess` changes the user."""
        if not self.is_other or self.enters_all:  # else the prefix changes the user
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_enter(self, directory: Path) -> bool:
        """Return whether the user can reach what is in a directory."""
        if self.enters_all:
            return True
        status = directory.stat()
        if status.st_uid == self.uid:
            return bool(status.st_mode & stat.S_IXUSR)
        if status.st_gid == self.gid:
            return bool(status.st_mode & stat.S_IXGRP)
        return bool(status.st_mode & stat.S_IXOTH)

    def own(self, directory: Path) -> None:
        """Make the user the owner of a directory."""
        if self.is_other:
            os.chown(directory, self.uid, self.gid)


def identity_for(data: Path, program: Path) -> Identity:
    """Choose the user who runs a program on a data directory, and let that user in.

    Raises:
        EmbeddedPostgresError: There is none. Names the directory in the way, and what to do.
    """
    own = Identity(uid=os.geteuid(), gid=os.getegid())
    if own.uid != 0:
        return own
    obstacles: list[Path] = []
    for identity in _candidates(data, own):
        obstacle = _obstacle(identity, data, program)
        if obstacle is None:
            _let_in(identity, data.parent)
            return identity
        obstacles.append(obstacle)
    raise EmbeddedPostgresError(_advice(obstacles))


def _candidates(data: Path, root: Identity) -> Iterator[Identity]:
    if (data / "PG_VERSION").exists():
        owner = data.stat()
        if owner.st_uid != 0:
            yield from _as_other(owner.st_uid, owner.st_gid)
            return
        yield from _as_root_without_privileges(root)
        return
    accounts = list(_accounts())
    for account in accounts:
        yield Identity(uid=account.pw_uid, gid=account.pw_gid, is_other=True)
    yield from _as_root_without_privileges(root)
    for account in accounts:
        yield from _as_other(account.pw_uid, account.pw_gid)


def _as_root_without_privileges(root: Identity) -> Iterator[Identity]:
    if prefix := _allowed("unshare", "--user"):
        yield Identity(uid=root.uid, gid=root.gid, prefix=prefix)


def _as_other(uid: int, gid: int) -> Iterator[Identity]:
    """Try another user: as it is, and then with root's privilege to enter all directories."""
    yield Identity(uid=uid, gid=gid, is_other=True)
    user = (f"--reuid={uid}", f"--regid={gid}", "--clear-groups")
    keeps = ("--inh-caps=+dac_override", "--ambient-caps=+dac_override")
    if prefix := _allowed("setpriv", *user, *keeps):
        yield Identity(uid=uid, gid=gid, prefix=prefix, is_other=True, enters_all=True)


def _accounts() -> Iterator[pwd.struct_passwd]:
    for name in _CANDIDATES:
        with suppress(KeyError):
            yield pwd.getpwnam(name)


def _allowed(name: str, *options: str) -> tuple[str, ...]:
    """Return a command of util-linux that changes privileges; empty if the system forbids it."""
    program = shutil.which(name)
    if program is None:
        return ()
    command = (program, *options)
    done = subprocess.run([*command, "true"], capture_output=True, check=False)  # noqa: S603 - of util-linux
    return command if done.returncode == 0 else ()


def _obstacle(identity: Identity, data: Path, program: Path) -> Path | None:
    """Return the outermost directory that a user cannot enter, or None."""
    home = data.parent.resolve()
    on_the_way = (*reversed(home.parents), *reversed(program.resolve().parents))
    return next((each for each in on_the_way if not identity.can_enter(each)), None)


def _let_in(identity: Identity, home: Path) -> None:
    if not identity.can_enter(home):
        home.chmod(stat.S_IMODE(home.stat().st_mode) | stat.S_IXOTH)


def _advice(obstacles: list[Path]) -> str:
    if not obstacles:
        return "PostgreSQL cannot run as root: create a user named `postgres`"
    return (
        f"PostgreSQL cannot run as root, and other users cannot enter {obstacles[0]}: run this as"
        " another user, or set DATABASE_URL, or put the repository and LATCHKEY_HOME where all"
        " users can enter"
    )
