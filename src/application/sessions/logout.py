"""Log out (docs/flow.md, O1 and O2)."""

from dataclasses import dataclass, field

from latchkey.domain.audit.event import RequestSource, session_ended
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.errors import RefreshTokenInvalidError
from latchkey.domain.sessions.refresh_token import RefreshTokenCodec
from latchkey.domain.unit_of_work import UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoutCommand:
    """Request to log out.

    Attributes:
        refresh_token: What the client presented, or None; may be any text.
    """

    refresh_token: str | None = field(repr=False)
    source: RequestSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Logout:
    """End the session of a refresh token, durably before the response is sent."""

    codec: RefreshTokenCodec
    units: UnitsOfWork
    clock: Clock

    async def __call__(self, command: LogoutCommand) -> None:
        """Log out. Does nothing if there is no valid token or the session has already ended.

        Raises:
            StorageUnavailableError: It is unknown whether the session has ended; retry.
        """
        now, reason = self.clock.now(), EndReason.LOGGED_OUT
        try:
            presented = self.codec.decode(command.refresh_token or "", now)
        except RefreshTokenInvalidError:
            return
        async with self.units.begin() as unit:
            user_id = await unit.sessions.end(presented, reason)
            if user_id is None:
                return
            await unit.audit.append(
                *session_ended(now, command.source, reason, user_id, presented.session_id)
            )
            await unit.commit()
