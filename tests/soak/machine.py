"""A machine in a root file system: a Debian under its own systemd, started by systemd-nspawn."""

import ctypes
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import psutil

from soak.debian import ENVIRON

PATIENCE: Final = 60.0  # s
_POLL: Final = 0.05  # s
_CLONE_NEWNET: Final = 0x40000000
_REBOOTS: Final = 133
"""How systemd-nspawn ends when it is to be started again."""
_LEFT_BEHIND: Final = Path("/run/systemd/nspawn/propagate")
_BOOT: Final = (
    *("setpriv", "--pdeathsig=KILL"),  # however this process ends, the machine ends with it
    *("systemd-nspawn", "--boot", "--quiet", "--register=no", "--keep-unit"),
    *("--private-network", "--resolv-conf=off", "--console=read-only"),
)


class Machine:
    """Debian with systemd as its first process, in namespaces of its own.

    Attributes:
        root: Its root file system.
    """

    def __init__(self, root: Path, console: Path) -> None:
        """Name where it is, and the file that gets what it writes to its console."""
        self.root = root
        self._console = console
        self._name = f"latchkey-{os.getpid()}"
        self._process: subprocess.Popen[bytes] | None = None

    @contextmanager
    def running(self) -> Iterator[None]:
        """Switch it on for the length of a block."""
        try:
            self._switch_on()
            yield
        finally:
            self._switch_off()
            with suppress(OSError):
                (_LEFT_BEHIND / self._name).rmdir()

    def reboot(self) -> None:
        """Have it reboot, and wait until it has."""
        assert self._process is not None
        self.run("systemctl", "reboot")
        if (status := self._process.wait(PATIENCE)) != _REBOOTS:
            raise RuntimeError(f"the machine ended with {status} instead of rebooting")
        self._switch_on()

    def _switch_on(self) -> None:
        with self._console.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603 - systemd's program
                [*_BOOT, f"--directory={self.root}", f"--machine={self._name}"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # what interrupts the drill doesn't interrupt it
            )
        wait_until(self._has_booted, "the machine has booted")

    def _switch_off(self) -> None:
        """End it at once. Process 1 outlives systemd-nspawn, and everything else ends with it."""
        if self._process is None:
            return
        first = self.first
        self._process.kill()
        self._process.wait()
        if first is not None:
            with suppress(psutil.NoSuchProcess):
                first.kill()
                first.wait(PATIENCE)

    @property
    def first(self) -> psutil.Process | None:
        """Its process 1, or None while it is off."""
        assert self._process is not None
        with suppress(psutil.NoSuchProcess):
            for child in psutil.Process(self._process.pid).children():
                if child.name() == "systemd":
                    return child
        return None

    def command(self, *command: str, has_network: bool = False) -> list[str]:
        """Return the command that runs another one as the machine's root.

        Args:
            command: The program and its arguments.
            has_network: Whether it has the network of whoever runs the drill, instead of the
                machine's, which leads nowhere.
        """
        assert self.first is not None
        kinds = ("mount", "pid", "uts", "ipc", "cgroup", *(() if has_network else ("net",)))
        entered = (f"--target={self.first.pid}", *(f"--{kind}" for kind in kinds), "--root", "--wd")
        variables = [f"{name}={value}" for name, value in ENVIRON.items()]
        return ["nsenter", *entered, "env", "-i", "HOME=/root", *variables, *command]

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command as the machine's root, to its end."""
        return subprocess.run(  # noqa: S603 - programs of Debian, and our own
            self.command(*command),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    @contextmanager
    def network(self) -> Iterator[None]:
        """Have the sockets that this thread opens in the block belong to the machine's network."""
        assert self.first is not None
        with (
            Path(f"/proc/{self.first.pid}/ns/net").open("rb") as theirs,
            Path("/proc/thread-self/ns/net").open("rb") as ours,
        ):
            _join(theirs.fileno())
            try:
                yield
            finally:
                _join(ours.fileno())

    def _has_booted(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise RuntimeError(f"the machine does not boot: {self._console.read_text()[-2000:]}")
        if self.first is None:
            return False
        state = self.run("systemctl", "is-system-running").stdout.strip()
        return state in {"running", "degraded"}


def wait_until(condition: Callable[[], bool], what: str) -> float:
    """Wait for a condition, and return how many seconds it took.

    Raises:
        TimeoutError: It did not come to pass within a minute.
    """
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > PATIENCE:
            raise TimeoutError(f"in {PATIENCE:.0f} s it did not come to pass that {what}")
        time.sleep(_POLL)
    return time.monotonic() - began


def _join(namespace: int) -> None:
    """Do what `os.setns` does from Python 3.12 on."""
    library = ctypes.CDLL(None, use_errno=True)
    if library.setns(namespace, _CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
