"""Every metric that workers write, with the closed lists of its labels."""

from typing import Final

from latchkey.domain.audit.event import AuditAction
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.entrypoints.http.problems.table import PROBLEMS as TABLE
from latchkey.entrypoints.observability.metrics.metric import (
    NANO,
    Kind,
    Layout,
    Metric,
    each,
    furthest,
    with_each,
)
from latchkey.entrypoints.observability.metrics.outcomes import (
    DENIED,
    GRANTED,
    LOGGED_ERRORS,
    OTHER,
    OUTCOMES,
    ROUTES,
    STATUSES,
    SUCCEEDED,
)
from latchkey.entrypoints.observability.refusals import EVENTS

STARTS: Final = Metric(
    name="latchkey_worker_starts_total",
    kind=Kind.COUNTER,
    help="Worker processes that have started, replacements included.",
)
REQUESTS: Final = Metric(
    name="latchkey_requests_total",
    kind=Kind.COUNTER,
    help="Requests by route and status; 499 means that the client did not wait.",
    labels=("method", "route", "status"),
    values=tuple(with_each(ROUTES, STATUSES)),
)
SECONDS: Final = Metric(
    name="latchkey_request_seconds",
    kind=Kind.HISTOGRAM,
    help="From the head of a request to the end of its response.",
    labels=("method", "route"),
    values=ROUTES,
    scale=NANO,
)
PROBLEMS: Final = Metric(
    name="latchkey_problems_total",
    kind=Kind.COUNTER,
    help="Responses that are problems, by the code that clients get.",
    labels=("code",),
    values=each(*sorted({error.code for error in TABLE}), OTHER),
)
LOGINS: Final = Metric(
    name="latchkey_logins_total",
    kind=Kind.COUNTER,
    help="Requests to log in, by outcome.",
    labels=("outcome",),
    values=each(SUCCEEDED, *OUTCOMES.values(), OTHER),
)
REFRESHES: Final = Metric(
    name="latchkey_refreshes_total",
    kind=Kind.COUNTER,
    help="Requests to refresh, by what the token meant to its session.",
    labels=("verdict",),
    values=each(*GRANTED.values(), *DENIED.values(), OTHER),
)
AUDITED: Final = Metric(
    name="latchkey_audit_events_total",
    kind=Kind.COUNTER,
    help="Events that this service has written to the audit log.",
    labels=("action",),
    values=each(*AuditAction),
)
ENDED: Final = Metric(
    name="latchkey_sessions_ended_total",
    kind=Kind.COUNTER,
    help="Sessions that this service has ended, by reason.",
    labels=("reason",),
    values=each(*EndReason),
)
REFUSED: Final = Metric(
    name="latchkey_refused_attacks_total",
    kind=Kind.COUNTER,
    help="Requests that an honest client makes only by mistake, as the log names them.",
    labels=("event",),
    values=each(*sorted(set(EVENTS.values()))),
)
LOGGED: Final = Metric(
    name="latchkey_log_errors_total",
    kind=Kind.COUNTER,
    help="Lines of the log at level error.",
    labels=("event",),
    values=each(*LOGGED_ERRORS, OTHER),
)
CONNECTIONS: Final = Metric(
    name="latchkey_pool_connections",
    kind=Kind.GAUGE,
    help="Connections to the database, lent or free.",
    labels=("state",),
    values=each("in_use", "free"),
)
WAITING: Final = Metric(
    name="latchkey_pool_waiting",
    kind=Kind.GAUGE,
    help="Callers that wait for a connection.",
)
HASHES: Final = Metric(
    name="latchkey_password_hashes",
    kind=Kind.GAUGE,
    help="Passwords that are being hashed, and that wait for it.",
    labels=("state",),
    values=each("hashing", "waiting"),
)
HASH_SECONDS: Final = Metric(
    name="latchkey_password_hash_seconds",
    kind=Kind.GAUGE,
    help="How long the last password took, without waiting; of all workers the longest.",
    scale=NANO,
    merge=max,
)
DATABASE: Final = Metric(
    name="latchkey_database_up",
    kind=Kind.GAUGE,
    help="Whether the database answered each worker's last question.",
    merge=min,
)
OFFSET: Final = Metric(
    name="latchkey_clock_offset_seconds",
    kind=Kind.GAUGE,
    help="How far the database's clock is ahead of this machine's.",
    scale=NANO,
    merge=furthest,
)
OUTBOX: Final = Metric(
    name="latchkey_outbox_mails",
    kind=Kind.GAUGE,
    help="Mails that wait to be sent, of all replicas together.",
    merge=max,
)
OLDEST: Final = Metric(
    name="latchkey_outbox_oldest_seconds",
    kind=Kind.GAUGE,
    help="The age of the oldest mail that waits; 0 if none does.",
    scale=NANO,
    merge=max,
)
METRICS: Final = (
    STARTS,
    REQUESTS,
    SECONDS,
    PROBLEMS,
    LOGINS,
    REFRESHES,
    AUDITED,
    ENDED,
    REFUSED,
    LOGGED,
    CONNECTIONS,
    WAITING,
    HASHES,
    HASH_SECONDS,
    DATABASE,
    OFFSET,
    OUTBOX,
    OLDEST,
)
LAYOUT: Final = Layout(METRICS)
