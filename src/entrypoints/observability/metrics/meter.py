"""Counts what a worker does, in the block of memory that it shares with its parent."""

from bisect import bisect_left
from collections.abc import Mapping
from datetime import timedelta
from time import monotonic_ns
from typing import Final, NamedTuple

from litestar.types import HTTPScope
from structlog.typing import EventDict
from typing_extensions import override

from latchkey.adapters.bcrypt.fair_queue import Load
from latchkey.application.observability.observer import Observer
from latchkey.domain.audit.event import AuditAction, AuditEvent
from latchkey.domain.sessions.judge import Verdict
from latchkey.domain.storage import Connections
from latchkey.entrypoints.observability.metrics import catalogue
from latchkey.entrypoints.observability.metrics.catalogue import LAYOUT, METRICS
from latchkey.entrypoints.observability.metrics.metric import BOUNDS, NANO, Kind
from latchkey.entrypoints.observability.metrics.outcomes import (
    DENIED,
    GRANTED,
    LOGINS,
    NO_ROUTE,
    OTHER,
    OUTCOMES,
    REFRESH,
    ROUTES,
    STATUSES,
    SUCCEEDED,
)
from latchkey.entrypoints.observability.refusals import EVENTS

_MICROSECOND: Final = timedelta(microseconds=1)
_OK: Final = 200


class _Route(NamedTuple):
    """Where the requests of a route are counted: by status, and by how long they took."""

    by_status: dict[int, int]
    other: int
    buckets: int
    sum: int


class Meter(Observer):
    """Writes to one block; for one event loop. A count takes well below a microsecond."""

    def __init__(self, cells: memoryview) -> None:
        """Begin to count where an earlier worker has stopped.

        Args:
            cells: A block of `LAYOUT.cells` whole numbers that nobody else writes to.
        """
        self._cells = cells
        routes = {route: _route(route) for route in ROUTES}
        self._routes = routes
        self._no_route = routes[NO_ROUTE]
        self._login_succeeded = LAYOUT.place(catalogue.LOGINS, SUCCEEDED)
        self._by_route, self._by_route_else = _failures()
        self._granted = {
            verdict: LAYOUT.place(catalogue.REFRESHES, name) for verdict, name in GRANTED.items()
        }
        self._problems = LAYOUT.places(catalogue.PROBLEMS)
        self._refused = {
            error: LAYOUT.place(catalogue.REFUSED, event) for error, event in EVENTS.items()
        }
        self._audited = LAYOUT.places(catalogue.AUDITED)
        self._ended = LAYOUT.places(catalogue.ENDED)
        self._logged = LAYOUT.places(catalogue.LOGGED)
        self._begin()

    def completed(self, scope: HTTPScope, status: int, seconds: float) -> None:
        """Count a response.

        Args:
            scope: The request. Its template is that of the route, if it has one.
            status: The status of the response.
            seconds: How long it took.
        """
        cells, name = self._cells, (scope["method"], scope.get("path_template", "-"))
        route = self._routes.get(name, self._no_route)
        cells[route.by_status.get(status, route.other)] += 1
        cells[route.buckets + bisect_left(BOUNDS, seconds)] += 1
        cells[route.sum] += int(seconds * NANO)
        if status == _OK and name in LOGINS:
            cells[self._login_succeeded] += 1

    def failed(self, scope: HTTPScope, code: str, error: Exception) -> None:
        """Count an error that becomes a problem, by the code that the client gets."""
        cells, kind = self._cells, type(error)
        cells[self._problems.get(code, self._problems[OTHER])] += 1
        if kind in self._refused:
            cells[self._refused[kind]] += 1
        name = (scope["method"], scope.get("path_template", "-"))
        if name in self._by_route:
            cells[self._by_route[name].get(kind, self._by_route_else[name])] += 1

    def logged(self, _logger: object, level: str, line: EventDict) -> EventDict:
        """Count a line of the log at level error, as a processor of structlog."""
        if level in {"error", "exception", "critical"}:
            self._cells[self._logged.get(line["event"], self._logged[OTHER])] += 1
        return line

    @override
    def audited(self, *events: AuditEvent) -> None:
        for event in events:
            self._cells[self._audited[event.action]] += 1
            if event.action == AuditAction.SESSION_ENDED:
                self._cells[self._ended[event.detail["reason"]]] += 1

    @override
    def refreshed(self, verdict: Verdict) -> None:
        self._cells[self._granted[verdict]] += 1

    def show_alive(self) -> None:
        """Record that this worker's event loop runs. Its gauges count for some seconds from now."""
        self._cells[LAYOUT.alive_at] = monotonic_ns()

    def show_load(self, connections: Connections, hashes: Load, offset: timedelta) -> None:
        """Show how busy this worker is, and how far the database's clock is ahead."""
        cells = self._cells
        free = connections.size - connections.in_use
        cells[LAYOUT.place(catalogue.CONNECTIONS, "in_use")] = connections.in_use
        cells[LAYOUT.place(catalogue.CONNECTIONS, "free")] = free
        cells[LAYOUT.place(catalogue.WAITING)] = connections.waiting
        cells[LAYOUT.place(catalogue.HASHES, "hashing")] = hashes.hashing
        cells[LAYOUT.place(catalogue.HASHES, "waiting")] = hashes.waiting
        cells[LAYOUT.place(catalogue.HASH_SECONDS)] = int(hashes.seconds * NANO)
        cells[LAYOUT.place(catalogue.OFFSET)] = _nanoseconds(offset)

    def show_outbox(self, mails: int, age: timedelta) -> None:
        """Show how many mails wait, and how old the oldest of them is. The database is up."""
        self._cells[LAYOUT.place(catalogue.DATABASE)] = 1
        self._cells[LAYOUT.place(catalogue.OUTBOX)] = mails
        self._cells[LAYOUT.place(catalogue.OLDEST)] = _nanoseconds(age)

    def show_no_database(self) -> None:
        """Show that the database has not answered."""
        self._cells[LAYOUT.place(catalogue.DATABASE)] = 0

    def end(self) -> None:
        """Show nothing more of what this worker has; what it has counted stays."""
        self._cells[LAYOUT.alive_at] = 0

    def _begin(self) -> None:
        self.end()
        for metric in METRICS:
            if metric.kind is Kind.GAUGE:
                for values in metric.values:
                    self._cells[LAYOUT.place(metric, *values)] = 0
        self._cells[LAYOUT.place(catalogue.STARTS)] += 1


def _route(name: tuple[str, str]) -> _Route:
    first = LAYOUT.place(catalogue.SECONDS, *name)
    by_status = {
        int(status): LAYOUT.place(catalogue.REQUESTS, *name, status)
        for status in STATUSES
        if status != OTHER
    }
    return _Route(
        by_status=by_status,
        other=LAYOUT.place(catalogue.REQUESTS, *name, OTHER),
        buckets=first,
        sum=first + len(BOUNDS) + 1,
    )


def _failures() -> tuple[
    Mapping[tuple[str, str], Mapping[type[Exception], int]], Mapping[tuple[str, str], int]
]:
    """Return where the errors of some routes are counted, and where all their others are."""
    logins: Mapping[type[Exception], int] = {
        error: LAYOUT.place(catalogue.LOGINS, OUTCOMES[error]) for error in OUTCOMES
    }
    refreshes: Mapping[type[Exception], int] = {
        error: LAYOUT.place(catalogue.REFRESHES, DENIED[error]) for error in DENIED
    }
    other = LAYOUT.place(catalogue.LOGINS, OTHER)
    return (
        {**dict.fromkeys(LOGINS, logins), REFRESH: refreshes},
        {**dict.fromkeys(LOGINS, other), REFRESH: LAYOUT.place(catalogue.REFRESHES, OTHER)},
    )


def _nanoseconds(duration: timedelta) -> int:
    return duration // _MICROSECOND * 1_000
