"""A PostgreSQL server with the agent of Patroni that watches it."""

import os
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from harness.service import free_port
from latchkey.adapters.embedded_postgres.identity import Identity


@dataclass(slots=True)
class Member:
    """A server of the pair, with the agent that watches it.

    Attributes:
        program: Patroni.
        name: Its name in the cluster.
        home: The directory of its data.
        port: Where PostgreSQL listens on the loopback.
        control: Where its agent does.
        agent: None while the host is lost.
    """

    program: Path
    name: str
    home: Path
    identity: Identity
    port: int = field(default_factory=free_port)
    control: int = field(default_factory=free_port)
    agent: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.home / self.name

    @property
    def log(self) -> Path:
        return self.home / f"{self.name}.log"

    def start(self) -> None:
        """Start the agent, which starts PostgreSQL."""
        with self.log.open("ab") as output:
            self.agent = subprocess.Popen(  # noqa: S603 - what the drill has installed
                [*self.identity.prefix, str(self.program), f"{self.name}.yml"],
                cwd=self.home,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(self.home)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                **self.identity.run_as,
            )

    def crash(self) -> None:
        """Kill PostgreSQL, and leave the agent alive."""
        for process in self.processes():
            with suppress(psutil.NoSuchProcess):
                process.kill()

    def lose(self) -> None:
        """Kill everything on the host at once."""
        if self.agent is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.agent.pid, signal.SIGKILL)
            self.agent.wait()
            self.agent = None
        self.crash()

    def freeze(self) -> None:
        """Have the whole host neither answer nor go away."""
        for process in self._all():
            with suppress(psutil.NoSuchProcess):
                process.suspend()

    def thaw(self) -> None:
        """Have it go on, as if nothing had been."""
        for process in self._all():
            with suppress(psutil.NoSuchProcess):
                process.resume()

    def processes(self) -> list[psutil.Process]:
        """Return those of PostgreSQL; none if it does not run."""
        with suppress(OSError, psutil.NoSuchProcess):
            number = int((self.data / "postmaster.pid").read_text().split()[0])
            postmaster = psutil.Process(number)
            if postmaster.name() == "postgres":
                return [postmaster, *postmaster.children()]
        return []

    def _all(self) -> list[psutil.Process]:
        agents = [psutil.Process(self.agent.pid)] if self.agent is not None else []
        return [*agents, *self.processes()]
