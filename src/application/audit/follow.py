"""Follow the audit log, including events that are committed late."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from latchkey.domain.audit.event import AuditEvent
from latchkey.domain.audit.log import AuditFilter, AuditLog
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.kernel.identifier import first_id_of

MARGIN: Final = timedelta(seconds=60)
"""The longest time from the creation of an event's id to its commit: no transaction is longer."""

PAGE: Final = 1_000  # events in one statement


class AuditFollower:
    """Returns each event of the log once.

    An event gets its id before its transaction is committed. So an event that is committed late may
    have a smaller id than events that were returned already. Each read therefore starts `MARGIN`
    before the previous one, and leaves out what was returned before.
    """

    def __init__(
        self, log: AuditLog, clock: Clock, wanted: AuditFilter, since: datetime | None = None
    ) -> None:
        """Create a follower.

        Args:
            log: What to read.
            clock: The clock that gives the events of the log their time.
            wanted: Which events to return; its `after` is ignored.
            since: The time of the first events to return, at the latest; None for now.
        """
        self._log = log
        self._clock = clock
        self._wanted = wanted
        self._floor = first_id_of((since or clock.now()) - MARGIN)
        self._seen: set[UUID] = set()

    async def newest(self, limit: int) -> tuple[AuditEvent, ...]:
        """Return the newest events; older events are never returned."""
        self._seen = {event.id async for event in self._recent()}
        events = await self._log.read(self._wanted, limit=limit)
        self._seen.update(event.id for event in events)
        return events

    async def new(self) -> AsyncIterator[AuditEvent]:
        """Yield the events that have appeared since the previous read, in the order of their ids.

        After an error, the next read begins where this one did, so that no event is lost.
        """
        began = self._clock.now()
        async for event in self._recent():
            if event.id not in self._seen:
                self._seen.add(event.id)
                yield event
        self._floor = first_id_of(began - MARGIN)
        self._seen = {id_ for id_ in self._seen if id_ > self._floor}

    async def _recent(self) -> AsyncIterator[AuditEvent]:
        after: UUID | None = self._floor
        while after is not None:
            page = await self._log.read(replace(self._wanted, after=after), limit=PAGE)
            for event in page:
                yield event
            after = page[-1].id if len(page) == PAGE else None
