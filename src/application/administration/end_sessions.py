"""End all sessions of a user, after the user was disabled or got a new password."""

from typing import Final

from latchkey.domain.accounts.user import UserId
from latchkey.domain.audit.event import RequestSource, session_ended
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.unit_of_work import UnitsOfWork

BATCH: Final = 1_000  # sessions in one transaction, so that each statement is short


async def end_sessions(
    units: UnitsOfWork, clock: Clock, user_id: UserId, reason: EndReason, source: RequestSource
) -> None:
    """End all sessions of a user, in as many transactions as necessary.

    The disable or the new password must be committed before. Then no login that began earlier can
    add a session while the others end.
    """
    is_over = False
    while not is_over:
        async with units.begin() as unit:
            ended = await unit.sessions.end_all(user_id, reason, limit=BATCH)
            events = session_ended(clock.now(), source, reason, user_id, *ended)
            await unit.audit.append(*events)
            await unit.commit()
        is_over = len(ended) < BATCH
