"""An embedded PostgreSQL server, shared by several processes.

Each user of the server holds a shared lock on the file `postgres.users`; the kernel releases it
when a process dies. A user that leaves tries to lock the file exclusively. Only the last one
succeeds, and stops the server. If all users are killed, the server keeps running, and the next user
finds it. Starting and stopping happen under a second lock, `postgres.lock`.
"""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from latchkey.adapters.embedded_postgres.errors import EmbeddedPostgresError
from latchkey.adapters.embedded_postgres.server import NO_SETTINGS, EmbeddedServer

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError"]


class EmbeddedPostgres:
    """One user of the server in a home directory. Several processes may each have several users.

    Starting and stopping block the caller for less than a second, the first start for a few
    seconds.
    """

    def __init__(self, home: Path, settings: Mapping[str, str] = NO_SETTINGS) -> None:
        """Create a user of the server; does not start it.

        Args:
            home: The directory that contains the data directory `postgres`. Created if missing.
            settings: PostgreSQL settings by name. They apply if this user starts the server.
        """
        self._home = home.absolute()
        self._server = EmbeddedServer(self._home / "postgres", settings)
        self._use: int | None = None  # the file descriptor that holds the shared lock

    @property
    def dsn(self) -> str:
        """The connection string. Changes only when the server is restarted."""
        return self._server.dsn

    @property
    def has_data(self) -> bool:
        """Whether the server was started before."""
        return self._server.has_data

    def start(self) -> None:
        """Begin to use the server. Create its data and start it, if needed.

        Raises:
            EmbeddedPostgresError: The server cannot be started. Says why.
        """
        try:
            self._start()
        except OSError as error:
            raise EmbeddedPostgresError(
                f"cannot keep a database in {self._home} ({error.strerror}): set LATCHKEY_HOME to"
                " a directory that this user may write to"
            ) from error

    def _start(self) -> None:
        self._home.mkdir(parents=True, exist_ok=True)
        with self._locked():
            use = os.open(self._home / "postgres.users", os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(use, fcntl.LOCK_SH)
                self._server.ensure_running()
            except BaseException:
                os.close(use)
                raise
            self._use = use

    def stop(self) -> None:
        """End the use of the server. Stop it if nobody else uses it."""
        if self._use is None:
            return
        with self._locked():
            use, self._use = self._use, None
            fcntl.flock(use, fcntl.LOCK_UN)  # also in children that inherited it
            if _try_to_lock(use):
                self._server.stop()
            os.close(use)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        lock = os.open(self._home / "postgres.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


def _try_to_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
