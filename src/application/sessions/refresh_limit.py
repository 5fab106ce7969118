"""Limits how often a session is refreshed (docs/flow.md, R14)."""

from collections import OrderedDict
from datetime import datetime
from typing import Final

from latchkey.domain.sessions.session_id import SessionId
from latchkey.domain.throttling.errors import TooManyAttemptsError
from latchkey.domain.throttling.rate import Rate

SESSIONS: Final = 10_000  # about 2 MB; a client needs a login for each


class RefreshLimit:
    """Counts refreshes by session, in the memory of one process and one event loop.

    Protects the storage and the audit log from a client that refreshes too often. It protects no
    secret, so a count for each process, without I/O, is enough.
    """

    def __init__(self, rate: Rate | None, *, sessions: int = SESSIONS) -> None:
        """Create a limit without counts.

        Args:
            rate: How often each session may be refreshed; None turns the limit off.
            sessions: The maximum number of sessions to count, >= 1. A further session replaces
                the one that was counted least recently.
        """
        self._rate = rate
        self._sessions = sessions
        self._full_until: OrderedDict[SessionId, datetime] = OrderedDict()

    def count(self, session_id: SessionId, now: datetime) -> None:
        """Count a refresh before it is tried. A refresh over the limit is not counted.

        Raises:
            TooManyAttemptsError: The session was refreshed too often. Says how long to wait.
        """
        if self._rate is None:
            return
        full_until = self._full_until.get(session_id)
        wait = self._rate.wait(full_until, now)
        if wait is None:
            self._full_until[session_id] = self._rate.counted(full_until, now)
        self._full_until.move_to_end(session_id)
        if len(self._full_until) > self._sessions:
            self._full_until.popitem(last=False)
        if wait is not None:
            raise TooManyAttemptsError(wait)
