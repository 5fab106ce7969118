"""What a service's processes use of the machine."""

import time
from collections.abc import Iterator
from typing import Final

import psutil

_PATIENCE: Final = 60.0  # s
_PAUSE: Final = 0.5  # s
_IDLE: Final = 0.03  # s of CPU time in a pause


class Processes:
    """A process and all that descend from it."""

    def __init__(self, pid: int) -> None:
        """Watch them."""
        self._root = psutil.Process(pid)

    def cpu(self) -> float:
        """Tell their CPU time so far, user and system, s, those that have ended included."""
        return sum(sum(process.cpu_times()[:4]) for process in self._all())

    def memory(self) -> float:
        """Tell their memory, MiB; what some share is split among them (PSS)."""
        return sum(process.memory_full_info().pss for process in self._all()) / 2**20

    def wait_until_idle(self) -> None:
        """Wait until they have worked off what nobody waits for any more."""
        deadline = time.monotonic() + _PATIENCE
        before = self.cpu()
        while time.monotonic() < deadline:
            time.sleep(_PAUSE)
            now = self.cpu()
            if now - before < _IDLE:
                return
            before = now

    def busiest_child(self) -> int:
        """Name the process that has had the most CPU time of those that it has started."""
        children = self._root.children()
        return int(max(children, key=lambda child: child.cpu_times().user).pid)

    def _all(self) -> Iterator[psutil.Process]:
        yield self._root
        yield from self._root.children(recursive=True)
