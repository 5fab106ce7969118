"""What bcrypt is asked to do: counted, or held up."""

import asyncio
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from latchkey.domain.accounts.password import Password

PASSWORD: Final = Password("correct horse battery staple")
ROUNDS: Final = 6
PATIENCE: Final = 10  # seconds until a test gives up; nothing waits that long unless it is broken


@dataclass
class Meter:
    """Counts what bcrypt is asked to do, in units of one round."""

    work: int = 0

    def watch(self, function: Callable[[bytes, bytes], object]) -> Callable[[bytes, bytes], object]:
        def counted(password: bytes, setting: bytes) -> object:
            cost = re.match(rb"\$2[aby]\$([0-9]{2})\$", setting)
            assert cost
            self.work += 2 ** int(cost[1])
            return function(password, setting)

        return counted


@dataclass
class Gate:
    """Holds every hash until it is opened, and notes which threads have come to it."""

    opened: threading.Event = field(default_factory=threading.Event)
    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    threads: list[int] = field(default_factory=list)

    def hashpw(self, _password: bytes, setting: bytes) -> bytes:
        self.threads.append(threading.get_native_id())
        self.arrived.release()
        assert self.opened.wait(PATIENCE)
        return setting + b"0" * 31

    async def reached(self) -> None:
        """Wait until a hash has begun."""
        assert await asyncio.to_thread(self.arrived.acquire, timeout=PATIENCE)
