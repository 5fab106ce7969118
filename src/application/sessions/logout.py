"""Log out (docs/flow.md, O1 and O2)."""

from dataclasses import dataclass, field

from latchkey.application.sessions.presented import genuine
from latchkey.domain.audit.event import AuditEvent, RequestSource, session_ended
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.refresh_token import RefreshTokenCodec
from latchkey.domain.unit_of_work import UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoutCommand:
    """Request to log out.

    Attributes:
        presented: The refresh tokens that the client sent; any texts, or none.
    """

    presented: tuple[str, ...] = field(repr=False)
    source: RequestSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Logout:
    """End the session of every genuine refresh token, durably before responding."""

    codec: RefreshTokenCodec
    units: UnitsOfWork
    clock: Clock

    async def __call__(self, command: LogoutCommand) -> None:
        """Log out; succeeds with any token, also of an ended session, and without a token.

        Raises:
            StorageUnavailableError: It is unknown whether the session has ended; retry.
        """
        now, reason = self.clock.now(), EndReason.LOGGED_OUT
        tokens = genuine(self.codec, command.presented, now)
        if not tokens:
            return
        async with self.units.begin() as unit:
            events: tuple[AuditEvent, ...] = ()
            for token in tokens:
                if user_id := await unit.sessions.end(token, reason):
                    events += session_ended(now, command.source, reason, user_id, token.session_id)
            if events:
                await unit.audit.append(*events)
                await unit.commit()
