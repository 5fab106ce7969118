"""Lists of a user's sessions that show too much, and ends of the wrong ones."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from operator import attrgetter
from typing import Any, Final

from latchkey.adapters.memory.audit.log import MemoryAuditLog
from latchkey.adapters.memory.sessions.user_sessions import MemoryUserSessionRepository
from latchkey.adapters.memory.tables import Tables
from latchkey.domain.audit.event import AuditAction
from latchkey.testing.ports import AuditLogSuite, UserSessionRepositorySuite
from unit.testing.broken.fault import Decision, Fault, step
from unit.testing.broken.lists import LISTINGS, Listing

Test = Callable[..., bool]
NOT_FOR_SESSIONS: Final = {  # they have an instant to the millisecond, which their ids begin with
    "AreSortedByIdAlone",
    "AreSortedByInstantAlone",
    "TiesAreSortedByInsertion",
    "TiesAreSortedUpwards",
    "SkipTheRestOfAnInstant",
    "RepeatAnInstant",
    "AreCutToMilliseconds",
    "HaveFiftyAtMost",
    "AreOfAnotherTimeZone",
}


def _page_of(
    listing: Listing,
    *,
    is_own: Test = lambda row, user_id: row.user_id == user_id,
    is_active: Test = lambda row, now, idle: row.end_reason_at(now, idle) is None,
) -> Callable[..., Any]:
    async def page_of(
        self: Any, user_id: Any, *, now: Any, idle: Any, after: Any, limit: int
    ) -> Any:
        rows = (await self._access.read()).sessions.rows()
        listed = (row for row in rows if is_own(row, user_id) and is_active(row, now, idle))
        return listing.page(listed, after, limit)

    return page_of


def _end(
    *,
    is_own: Test = lambda row, user_id: row.user_id == user_id,
    lives: Test = lambda row: row.end_reason is None,
    is_named: Test = lambda row, named: row.id in named,
    newest_first: bool = True,
    races: bool = False,
) -> Callable[..., Any]:
    async def end(self: Any, user_id: Any, named: Any, reason: Any) -> Any:
        def decide(tables: Tables) -> Decision:
            rows = [row for row in tables.sessions.rows() if is_own(row, user_id)]
            ended = [row for row in rows if lives(row) and is_named(row, named)]
            ids = sorted(map(attrgetter("id"), ended), reverse=newest_first)
            changed = [replace(row, end_reason=reason) for row in ended]
            return tuple(ids), [("sessions", row.id, row) for row in changed]

        return await step(self, decide, races=races)

    return end


def _logins(is_wanted: Test) -> Callable[..., Any]:
    async def logins(self: Any, session_ids: Any) -> Any:
        rows = (await self._access.read()).events.rows()
        return {row.session_id: row for row in rows if is_wanted(row, session_ids)}

    return logins


def _is_login(row: Any) -> bool:
    return row.action is AuditAction.LOGIN_SUCCEEDED


def faults() -> Iterator[Fault]:
    """Break the repository of a user's sessions, and the logins in the audit log."""

    def listed(name: str, page_of: Callable[..., Any]) -> Fault:
        owner = MemoryUserSessionRepository
        return Fault.of(name, UserSessionRepositorySuite, owner, "page|listed", page_of=page_of)

    def ended(name: str, end: Callable[..., Any]) -> Fault:
        return Fault.of(
            name, UserSessionRepositorySuite, MemoryUserSessionRepository, "end", end=end
        )

    def found(name: str, is_wanted: Test) -> Fault:
        logins = _logins(is_wanted)
        return Fault.of(name, AuditLogSuite, MemoryAuditLog, "logins", logins=logins)

    for name, listing in LISTINGS.items():
        if name not in NOT_FOR_SESSIONS:
            yield listed(f"OwnSessions{name}", _page_of(listing))
    yield listed("OwnSessionsAreThoseOfAll", _page_of(Listing(), is_own=lambda *_: True))
    yield listed(
        "OwnSessionsOutliveTheirEnd",
        _page_of(
            Listing(),
            is_active=lambda row, now, idle: replace(row, end_reason=None).ends_at(idle) > now,
        ),
    )
    yield listed(
        "OwnSessionsOutliveTheirIdleTime",
        _page_of(
            Listing(), is_active=lambda row, now, _: not row.end_reason and row.expires_at > now
        ),
    )
    yield listed(
        "OwnSessionsOutliveTheirAbsoluteTime",
        _page_of(
            Listing(),
            is_active=lambda row, now, idle: not row.end_reason and row.rotated_at + idle > now,
        ),
    )
    yield listed(
        "OwnSessionsAreListedAtTheirExpiry",
        _page_of(
            Listing(),
            is_active=lambda row, now, idle: not row.end_reason and row.ends_at(idle) >= now,
        ),
    )
    yield ended("NamedEndsAreThoseOfAll", _end(is_own=lambda *_: True))
    yield ended("NamedEndsRepeat", _end(lives=lambda _: True))
    yield ended("NamedEndsAreAll", _end(is_named=lambda *_: True))
    yield ended("NamedEndsAreTheFirst", _end(is_named=lambda row, named: row.id in list(named)[:1]))
    yield ended("NamedEndsAreOldestFirst", _end(newest_first=False))
    yield ended("NamedEndsRace", _end(races=True))
    yield found("LoginsOfAllSessions", lambda row, _: _is_login(row) and row.session_id)
    yield found("LoginsAreAnyEvent", lambda row, ids: row.session_id in ids)
