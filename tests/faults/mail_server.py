"""A mail server that is ended and started again while others use it."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack

from harness.service import Installation


class Restartable:
    """A mail server that can be ended and started again on its port."""

    def __init__(self, serve: Callable[[], AbstractContextManager[int]]) -> None:
        self._serve = serve
        self._running = ExitStack()

    def start(self) -> None:
        self._running.enter_context(self._serve())

    def stop(self) -> None:
        self._running.close()

    async def restart(self, _: Installation) -> str:
        await asyncio.to_thread(self.stop)
        await asyncio.sleep(0.5)
        await asyncio.to_thread(self.start)
        return "mail servers"
