"""Latchkey's command in processes that are forked from one that has imported all of it.

To import the service takes each command 0.6 to 0.8 s of CPU time, and the tests run some two
hundred. A forked one has arguments, a working directory, an environment, an input, outputs and an
end of its own, and runs from the program's first line on. That a command imports what it needs,
and starts on its own, is shown by the tests that run the installed program.
"""

import gc
import json
import os
import pkgutil
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from latchkey.entrypoints import cli, program

Files: TypeAlias = tuple[int, int, int]
"""The descriptors of a command's input, output and error output."""

_PROVE: Final = "latchkey.testing.prove.command"  # which `latchkey prove` imports when it runs
_LARGEST: Final = 100_000  # bytes of a request
_FILES: Final = 4


class Forked:
    """A forked command: as much of `subprocess.Popen` as tests use.

    Attributes:
        pid: Its process id; with `leads`, that of its process group, too.
        returncode: Its exit status, that of `Popen`; None before its end was seen.
    """

    def __init__(self, reports: socket.socket) -> None:
        """Follow the command whose process id, then exit status, arrive here."""
        self._reports = reports
        self.pid = int(reports.recv(_LARGEST))
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return the exit status, or None while it runs."""
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit status.

        Raises:
            subprocess.TimeoutExpired: It still runs after so many seconds.
        """
        status = self._ended(timeout)
        if status is None:
            raise subprocess.TimeoutExpired("latchkey", timeout or 0)
        return status

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def _ended(self, timeout: float | None) -> int | None:
        if self.returncode is None and select.select([self._reports], [], [], timeout)[0]:
            self.returncode = int(self._reports.recv(_LARGEST))
            self._reports.close()
        return self.returncode


def fork(
    arguments: Sequence[str],
    home: Path,
    environ: Mapping[str, str],
    files: Files,
    *,
    leads: bool,
) -> Forked:
    """Run the command.

    Args:
        arguments: Those of the command.
        home: The working directory.
        environ: Every variable.
        files: What it reads and writes.
        leads: Whether it leads a session and a process group of its own.
    """
    reports, reporter = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    request = {"arguments": arguments, "home": str(home), "environ": environ, "leads": leads}
    with reporter:
        told = [json.dumps(request).encode()]
        socket.send_fds(_server().requests, told, [*files, reporter.fileno()])
    return Forked(reports)


class _Server(NamedTuple):
    process: subprocess.Popen[bytes]
    requests: socket.socket


@cache
def _server() -> _Server:
    """Start the process that forks; it ends when this one has."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with its:
        process = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-m", __name__, str(its.fileno())],
            cwd=Path(__file__).parents[1],
            env={"PATH": os.environ["PATH"]},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[its.fileno()],
            start_new_session=True,
        )
    return _Server(process, ours)


def _become_a_command(requests: socket.socket) -> None:
    """Wait for requests and fork for each; return in the commands alone."""
    commands = pkgutil.iter_modules(cli.__path__, f"{cli.__name__}.")
    for name in (*(module.name for module in commands), _PROVE):
        import_module(name)
    gc.freeze()  # half of the CPU time of a short command would go into collections
    while True:
        request, files, *_ = socket.recv_fds(requests, _LARGEST, _FILES)
        if not request:
            sys.exit()
        if os.fork() == 0:
            break
        for file in files:
            os.close(file)
        with suppress(ChildProcessError):  # none is left
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
    requests.close()
    *outputs, reporter = files
    _follow_a_child(socket.socket(fileno=reporter), outputs)
    _take_over(outputs, **json.loads(request))


def _follow_a_child(reporter: socket.socket, outputs: Sequence[int]) -> None:
    """Report the process id and the exit status of a child; return in the child alone."""
    child = os.fork()
    if child == 0:
        reporter.close()
        return
    for file in outputs:
        os.close(file)
    reporter.send(str(child).encode())
    _, status = os.waitpid(child, 0)
    reporter.send(str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def _take_over(
    files: Sequence[int],
    *,
    arguments: Sequence[str],
    home: str,
    environ: Mapping[str, str],
    leads: bool,
) -> None:
    if leads:
        os.setsid()
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.chdir(home)
    os.environ.update(environ)
    sys.argv = ["latchkey", *arguments]


if __name__ == "__main__":
    _become_a_command(socket.socket(fileno=int(sys.argv[1])))
    program.run()
