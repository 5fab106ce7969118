"""A PostgreSQL server of our own, for development and tests.

Whoever uses it holds a lock on `postgres.users` that the kernel takes from whoever dies, and the
last one to leave, who alone can have the lock to itself, stops the server. A server whose users
were all killed runs on, and the next one finds it. Whatever starts or stops the server does so
under a second lock, `postgres.lock`.
"""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from latchkey.adapters.embedded_postgres.program import EmbeddedPostgresError
from latchkey.adapters.embedded_postgres.server import NO_SETTINGS, EmbeddedServer

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError"]


class EmbeddedPostgres:
    """One user of the server under a home directory; any number may be, in any process.

    Blocks while it starts (well under a second, a few the first time) and stops.
    """

    def __init__(self, home: Path, settings: Mapping[str, str] = NO_SETTINGS) -> None:
        """Start nothing yet.

        Args:
            home: A directory; the data is in `postgres` under it. Made if it isn't there.
            settings: PostgreSQL's, by their names, for the case that the server is started.
        """
        self._home = home.absolute()
        self._server = EmbeddedServer(self._home / "postgres", settings)
        self._use: int | None = None  # the file descriptor that holds the lock

    @property
    def dsn(self) -> str:
        """Where the server is. Changes only when it is started anew."""
        return self._server.dsn

    def start(self) -> None:
        """Use the server; start it if it doesn't run, make its data if there is none.

        Raises:
            EmbeddedPostgresError: That isn't possible; says why.
        """
        self._home.mkdir(parents=True, exist_ok=True)
        with self._alone():
            use = os.open(self._home / "postgres.users", os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(use, fcntl.LOCK_SH)
                self._server.ensure_running()
            except BaseException:
                os.close(use)
                raise
            self._use = use

    def stop(self) -> None:
        """Use the server no more; stop it if nobody else uses it."""
        if self._use is None:
            return
        with self._alone():
            use, self._use = self._use, None
            fcntl.flock(use, fcntl.LOCK_UN)  # also in children that inherited it
            if _try_to_lock(use):
                self._server.stop()
            os.close(use)

    def __enter__(self) -> Self:
        """Use the server."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Use the server no more."""
        self.stop()

    @contextmanager
    def _alone(self) -> Iterator[None]:
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
