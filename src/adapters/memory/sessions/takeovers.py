"""Takeovers in memory."""

import asyncio
from datetime import datetime

from typing_extensions import override

from latchkey.domain.sessions.takeovers import Takeovers


class MemoryTakeovers(Takeovers):
    """Knows of no takeover, since there is one copy of the tables only.

    Attributes:
        copy: The copy of the tables that serves. A test of a takeover changes it.
    """

    def __init__(self) -> None:
        self.copy = 1
        self._first_seen: dict[int, datetime | None] = {}

    @override
    async def latest(self, now: datetime) -> datetime | None:
        await asyncio.sleep(0)
        is_another = bool(self._first_seen)
        return self._first_seen.setdefault(self.copy, now if is_another else None)
