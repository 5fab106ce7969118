"""The cookies of a session in a file that several processes share."""

import fcntl
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import MozillaCookieJar
from pathlib import Path
from typing import Final

_LOCK_TIMEOUT: Final = 8.0  # s; a process that holds the lock for longer is stuck
_POLL: Final = 0.02  # s
_DEVICE: Final = "_device"
"""How the name of the device's cookie ends (docs/flow.md, C7). The other one has any name."""


@dataclass(frozen=True, slots=True)
class Cookies:
    """The cookies that a file had when it was read.

    Attributes:
        jar: Sends and receives them; in the format of Netscape, as curl's `-b` and `-c`.
        read: The bytes of the file; none if there was no file.
    """

    jar: MozillaCookieJar = field(repr=False)
    read: bytes = field(repr=False)

    @property
    def has_session(self) -> bool:
        """Whether there is a cookie other than the device's."""
        return any(not cookie.name.endswith(_DEVICE) for cookie in self.jar)


class CookieFile:
    """A cookie jar in a file with mode 600, which is replaced and never changed.

    Without a path, the cookies are kept in memory.
    """

    def __init__(self, path: Path | None) -> None:
        """Name a file, which need not exist yet; neither need its directory."""
        self._path = path.expanduser().resolve() if path else None
        self._in_memory = MozillaCookieJar()
        self._threads = threading.Lock()

    @contextmanager
    def exclusively(self) -> Iterator[None]:
        """Lock the session for this block against other threads and processes.

        A process that is stuck with the lock does not keep the others waiting for long: after 8 s
        they go on without it. This is safe within `REFRESH_GRACE`, in which the service gives all
        of them the same token.
        """
        deadline = time.monotonic() + _LOCK_TIMEOUT
        has_lock = self._threads.acquire(timeout=_LOCK_TIMEOUT)
        try:
            with _locked(self._path, deadline):
                yield
        finally:
            if has_lock:
                self._threads.release()

    def load(self) -> Cookies:
        """Read the file.

        Raises:
            LoadError: It is no file of cookies (`http.cookiejar`).
        """
        if self._path is None:
            return Cookies(self._in_memory, b"")
        while True:
            jar = MozillaCookieJar()
            if read := _read(self._path):
                jar.load(str(self._path), ignore_discard=True)
            if read == _read(self._path):  # and not replaced in between
                return Cookies(jar, read)

    def save(self, cookies: Cookies) -> None:
        """Replace the file, durably and at once; a reader sees the old one or the new one.

        If another process has replaced it since these cookies were read, its token is at least as
        new, and the file stays as it is.
        """
        if self._path is not None and _read(self._path) == cookies.read:
            self.overwrite(cookies)

    def overwrite(self, cookies: Cookies) -> None:
        """Replace the file, whatever is in it: these cookies are of a new session."""
        if self._path is None:
            return
        descriptor, draft = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.name}.")
        os.close(descriptor)
        try:
            cookies.jar.save(draft, ignore_discard=True)
            _flush(draft)
            Path(draft).replace(self._path)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise
        _flush(self._path.parent)


@contextmanager
def _locked(path: Path | None, deadline: float) -> Iterator[None]:
    """Hold the lock of a file, which the program flock(1) can hold as well."""
    if path is None:
        yield
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while not _has_locked(descriptor) and time.monotonic() < deadline:
            time.sleep(_POLL)
        yield
    finally:
        os.close(descriptor)


def _has_locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _flush(path: str | Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
