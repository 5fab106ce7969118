"""List the sessions that have ended lately, for services that verify access tokens themselves."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from latchkey.application.audit.follow import MARGIN, AuditFollower
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.audit.log import AuditFilter, AuditLog
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.sessions.session_id import SessionId

AGE: Final = timedelta(seconds=5)
"""How old a list may be."""

_ENDS: Final = AuditFilter(action=AuditAction.SESSION_ENDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedList:
    """Sessions that have ended, and whose access tokens may not have expired yet.

    Attributes:
        at: All ends that were committed before are in the list; aware UTC.
        session_ids: Each once.
    """

    at: datetime
    session_ids: tuple[SessionId, ...]


class EndedSessions:
    """Keeps a list of the sessions that have ended, and reads what is new in the audit log.

    Each end of a session is an event there, written in the same transaction. A read asks for the
    events of the last minute, and there is at most one in `AGE`, however many callers there are.
    """

    def __init__(self, log: AuditLog, clock: Clock, lifetime: timedelta) -> None:
        """Create an empty list, which the first call fills.

        Args:
            log: Where the ends of sessions are.
            clock: The clock that gives the events of the log their time.
            lifetime: How long an access token is valid, timedelta > 0.
        """
        self._log = log
        self._clock = clock
        self._lifetime = lifetime
        self._follower: AuditFollower | None = None
        self._ended: dict[SessionId, datetime] = {}
        self._list: EndedList | None = None
        self._reading: asyncio.Future[EndedList] | None = None

    async def __call__(self) -> EndedList:
        """Return a list that is at most `AGE` old.

        A session is in it until its last access token has expired. A token can be issued up to
        `MARGIN` after the time of the event, by a refresh that races with the end.

        Raises:
            StorageUnavailableError: The log could not be read.
        """
        if self._list is not None and self._clock.now() < self._list.at + AGE:
            return self._list
        if self._reading is None:
            self._reading = asyncio.ensure_future(self._read())
            self._reading.add_done_callback(self._forget)
        return await asyncio.shield(self._reading)

    def _forget(self, reading: asyncio.Future[EndedList]) -> None:
        self._reading = None
        if not reading.cancelled():
            reading.exception()  # whoever waits gets it, unless all of them have gone

    async def _read(self) -> EndedList:
        now = self._clock.now()
        if self._follower is None:
            since = now - self._lifetime
            self._follower = AuditFollower(self._log, self._clock, _ENDS, since)
        async for event in self._follower.new():
            if event.session_id is not None:
                self._ended[event.session_id] = event.at
        over = now - self._lifetime - MARGIN
        self._ended = {id_: at for id_, at in self._ended.items() if at > over}
        self._list = EndedList(at=now, session_ids=tuple(self._ended))
        return self._list
