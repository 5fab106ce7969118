"""A service that a test runs as a newcomer does."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import httpx

from canary import search_log

LATCHKEY: Final = Path(sys.executable).with_name("latchkey")
START_WITHIN: Final = 120.0  # s; the first start makes the database
END_WITHIN: Final = 30.0  # s


@contextmanager
def served(latchkey: Path = LATCHKEY) -> Iterator[str]:
    """Run `latchkey serve` with nothing set but its port, in a new directory of its own.

    The directory is none of pytest's: they are closed to others, as PostgreSQL's user is to root.

    Args:
        latchkey: The command.

    Yields:
        The URL that it answers on.
    """
    with TemporaryDirectory(prefix="latchkey-") as home:
        port = _free_port()
        environ = {"PATH": os.environ["PATH"], "HOME": home, "PORT": str(port)}
        log = Path(home) / "serve.log"
        with log.open("w") as output:
            process = subprocess.Popen(  # noqa: S603 - our own command
                [latchkey, "serve"],
                cwd=home,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_ready(url, process, log)
            yield url
        finally:
            process.terminate()
            process.wait(END_WITHIN)
            search_log(log)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_WITHIN
    while not _is_ready(url):
        if process.poll() is not None or time.monotonic() > deadline:
            raise AssertionError(f"the service did not start:\n{log.read_text()}")
        time.sleep(0.1)


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/ready").is_success
    except httpx.TransportError:
        return False
