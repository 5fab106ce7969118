"""Sessions: one per login, and what a presented refresh token means to one.

A session counts its rotations. A refresh token names its session and the generation it was made
for, so that the token of any generation can be computed again and none needs to be stored:

    generation    0 ──── 1 ──── 2 ──── 3            the session is at 3 ("current")
                                │      └─ current: rotates to 4
                                └─ one behind: honest within the grace, answered with 3 again
                         └─ two behind: honest within the grace, but of no more use
                  └─ older: nobody honest still holds it

`judge` is this picture as a pure, total function.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.refresh_token import RefreshToken
from latchkey.domain.sessions.session import Session, SessionPolicy, UserSession

_NEVER: Final = timedelta(0)


class Verdict(Enum):
    """What a presented refresh token means to a session that lives."""

    ROTATE = auto()  # the current token: make the next one
    REPLAY = auto()  # its response was lost, or its twin was faster: the current token again
    SUPERSEDED = auto()  # an honest request that two others overtook: refuse, keep the session
    FAST_FORWARD = auto()  # the storage lost its last commit: rotate as if it had not
    REUSE = auto()  # a retired token that nobody honest still holds: end the session
    NEVER_ISSUED = (
        auto()
    )  # a generation that was never handed out: end the session, raise the alarm


@dataclass(frozen=True, slots=True)
class Over:
    """The session is over, and why."""

    reason: EndReason


def judge(
    found: UserSession | None, presented: RefreshToken, now: datetime, policy: SessionPolicy
) -> Verdict | Over:
    """Tell what a presented refresh token means.

    Pure and total: any session, any authentic token, any instant. A session that is not there
    any more, or whose secret the token doesn't know, reads as expired.

    Args:
        found: The session that the token names, with its user, or None if there is none.
        presented: A token whose authenticity was established.
        now: The instant of presentation. Before the last rotation it counts as that instant.
        policy: Lifetimes and grace.
    """
    if found is None or not hmac.compare_digest(found.session.secret_hash, presented.secret_hash):
        return Over(EndReason.EXPIRED)
    if reason := found.end_reason_at(now, policy.idle):
        return Over(reason)
    return _judge_living(found.session, presented.generation, now, policy.grace)


def _judge_living(session: Session, generation: int, now: datetime, grace: timedelta) -> Verdict:
    match generation - session.generation:
        case 0:
            return Verdict.ROTATE
        case 1:
            return Verdict.FAST_FORWARD
        case ahead if ahead > 0:
            return Verdict.NEVER_ISSUED
        case -1 if _is_recent(session.rotated_at, now, grace):
            return Verdict.REPLAY
        case -2 if _is_recent(session.previously_rotated_at, now, grace):
            return Verdict.SUPERSEDED
        case _:
            return Verdict.REUSE


def _is_recent(retired_at: datetime | None, now: datetime, grace: timedelta) -> bool:
    return retired_at is not None and grace > _NEVER and now - retired_at <= grace
