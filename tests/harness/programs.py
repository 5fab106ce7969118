"""Other people's programs, started for a while with files of ours."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import pytest

from harness.service import launch

_SYSTEM: Final = "/usr/local/sbin:/usr/sbin:/sbin"  # not on the path of every user
_START_WITHIN: Final = 30.0  # s
_END_WITHIN: Final = 10.0  # s


def program(name: str) -> str:
    """Find a program; if it is not installed, the test is left out."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:{_SYSTEM}")
    if found is None:
        pytest.skip(f"needs {name}")
    return found


def changed(file: Path, changes: Mapping[str, str]) -> str:
    """Put what this machine needs in the place of an operator's values."""
    text = file.read_text()
    for operators, ours in changes.items():
        assert operators in text, f"{file.name} does not have {operators!r}"
        text = text.replace(operators, ours)
    return text


@contextmanager
def running(
    command: Sequence[str | Path], home: Path, port: int, environ: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program for the length of a block, from when it listens on a port of the loopback."""
    log = home / f"{port}.log"
    process = launch(command, home, environ or {}, log)
    try:
        _wait(port, process, log)
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_END_WITHIN)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.02)
    pytest.fail(f"the program did not start:\n{log.read_text()}")
