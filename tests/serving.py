"""`latchkey serve` as a process, for whoever starts one."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from ssl import SSLContext
from typing import Final

import httpx

from canary import search_log

LATCHKEY: Final = Path(sys.executable).with_name("latchkey")
_START_WITHIN: Final = 120.0  # s; the first start in a new directory makes the database
_END_WITHIN: Final = 45.0  # s; workers that don't end by themselves are killed after 30
_POLL: Final = 0.05  # s


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """A started service: with its workers a process group of its own, so that none survives.

    Attributes:
        url: Scheme and authority, without a path.
        log: A file with everything that it writes; it is searched for secrets in the end.
    """

    process: subprocess.Popen[bytes]
    url: str
    log: Path

    def wait_until_ready(self, trust: SSLContext | None = None) -> None:
        """Return as soon as it answers, database and all."""
        deadline = time.monotonic() + _START_WITHIN
        with httpx.Client(base_url=self.url, verify=trust or True) as http:
            while not _is_ready(http):
                has_failed = self.process.poll() is not None or time.monotonic() > deadline
                assert not has_failed, f"the service did not start:\n{self.log.read_text()}"
                time.sleep(_POLL)

    def end(self) -> int:
        """Ask it to end, and give its exit status; kill it if it doesn't."""
        self.process.terminate()
        try:
            return self.process.wait(_END_WITHIN)
        finally:
            self.kill()

    def kill(self) -> None:
        """End it and its workers at once, as `kill -9` does."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        search_log(self.log)


def launch(
    home: Path, environ: Mapping[str, str], log: Path, latchkey: Path = LATCHKEY
) -> subprocess.Popen[bytes]:
    """Start to serve; the one who starts ends it.

    Args:
        home: The working directory, and the user's.
        environ: All that is set beside `PATH` and `HOME`.
        log: A file to write to, after what it may hold already.
        latchkey: The command.
    """
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - our own command
            [latchkey, "serve"],
            cwd=home,
            env={"PATH": os.environ["PATH"], "HOME": str(home), **environ},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def free_port() -> int:
    """Find a port of the loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _is_ready(http: httpx.Client) -> bool:
    try:
        return http.get("/health/ready").is_success
    except httpx.TransportError:
        return False
