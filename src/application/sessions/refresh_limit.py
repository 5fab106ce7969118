"""How often a session may be refreshed (docs/flow.md, R14)."""

from collections import OrderedDict
from datetime import datetime
from typing import Final

from latchkey.domain.sessions.session_id import SessionId
from latchkey.domain.throttling.errors import TooManyAttemptsError
from latchkey.domain.throttling.rate import Rate

SESSIONS: Final = 10_000  # some 2 MB; whoever fills them has logged in as often


class RefreshLimit:
    """Counts refreshes by session, in the memory of one process and one event loop.

    It guards the storage from whoever holds a token and the audit log from their replays, but
    no secret: that each process counts for itself, and starts from nothing, does no harm. So it
    asks nobody and waits for nothing.
    """

    def __init__(self, rate: Rate | None, *, sessions: int = SESSIONS) -> None:
        """Begin with nothing counted.

        Args:
            rate: How often each session may be refreshed; None turns the limit off.
            sessions: How many are counted at once, >= 1; one more is counted in the place of
                the one that was quiet for longest.
        """
        self._rate = rate
        self._sessions = sessions
        self._full_until: OrderedDict[SessionId, datetime] = OrderedDict()

    def count(self, session_id: SessionId, now: datetime) -> None:
        """Count a refresh, whatever will come of it; one that is refused isn't counted.

        Raises:
            TooManyAttemptsError: The session was refreshed too often; says when it may be again.
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
