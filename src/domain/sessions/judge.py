"""What a presented refresh token means to its session.

A session counts its rotations; this count is its generation. A refresh token names its session and
the generation that it was issued for. So the token of any generation can be computed again, and
none needs to be stored:

    generation    0 ──── 1 ──── 2 ──── 3            the session is at 3 ("current")
                  │      │      │      └─ current: rotate to 4
                  │      │      └─ one behind: within the grace, return 3 again; later, reuse
                  │      └─ two behind: within the grace, reject; later, reuse
                  └─ older: reuse, which ends the session

A token may also be ahead of its session, because the storage has lost rotations: the last one in a
crash, more of them if another copy of the storage took over.

`judge` implements this picture as a pure, total function.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.refresh_token import RefreshToken
from latchkey.domain.sessions.session import Session, SessionPolicy, UserSession

MOST_LOST: Final = 16
"""The number of rotations of one session that a takeover of the storage may lose.

A page that refreshes each time it is loaded, every few seconds, gets this far in a minute.
"""

_NEVER: Final = timedelta(0)


class Verdict(Enum):
    """What a presented refresh token means to an active session."""

    ROTATE = auto()  # the current token: issue the next one
    REPLAY = auto()  # its response was lost or a concurrent refresh won: return the current token
    SUPERSEDED = auto()  # two rotations late, within the grace: reject, keep the session
    FAST_FORWARD = auto()  # the storage lost its last commits: rotate as if it had not
    REUSE = auto()  # a retired token that no honest client still holds: end the session
    NEVER_ISSUED = auto()  # as far as is known, it was never issued: end the session, raise alarm


@dataclass(frozen=True, slots=True)
class Over:
    """The session has ended, for this reason."""

    reason: EndReason


def judge(
    found: UserSession | None,
    presented: RefreshToken,
    now: datetime,
    policy: SessionPolicy,
    taken_over_at: datetime | None = None,
) -> Verdict | Over:
    """Return what a presented refresh token means.

    Pure and total: accepts any session, any authentic token and any instant. A session that does
    not exist, or that has another secret than the token, counts as expired.

    Args:
        found: The session that the token names, with its user, or None if there is none.
        presented: A token that was verified to be authentic.
        now: The time of presentation. A time before the last rotation counts as the time of that
            rotation.
        policy: The lifetimes and the grace.
        taken_over_at: When another copy of the storage took over, or None if no takeover is known.
            Only a verdict that is NEVER_ISSUED without it depends on it.
    """
    if found is None or not hmac.compare_digest(found.session.secret_hash, presented.secret_hash):
        return Over(EndReason.EXPIRED)
    if reason := found.end_reason_at(now, policy.idle):
        return Over(reason)
    session, steps = found.session, presented.generation - found.session.generation
    if steps > 0:
        return _judge_ahead(session, steps, taken_over_at)
    return _judge_behind(session, steps, now, policy.grace)


def _judge_ahead(session: Session, steps: int, taken_over_at: datetime | None) -> Verdict:
    """A takeover loses no rotation that is later than itself."""
    is_before_takeover = taken_over_at is not None and session.rotated_at < taken_over_at
    most_lost = MOST_LOST if is_before_takeover else 1
    return Verdict.FAST_FORWARD if steps <= most_lost else Verdict.NEVER_ISSUED


def _judge_behind(session: Session, steps: int, now: datetime, grace: timedelta) -> Verdict:
    match steps:
        case 0:
            return Verdict.ROTATE
        case -1 if _is_recent(session.rotated_at, now, grace):
            return Verdict.REPLAY
        case -2 if _is_recent(session.previously_rotated_at, now, grace):
            return Verdict.SUPERSEDED
        case _:
            return Verdict.REUSE


def _is_recent(retired_at: datetime | None, now: datetime, grace: timedelta) -> bool:
    return retired_at is not None and grace > _NEVER and now - retired_at <= grace
