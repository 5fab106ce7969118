"""Log out (docs/flow.md, O1 and O2)."""

from dataclasses import dataclass, field

from domain.audit import Caller, session_ended
from domain.clock import Clock
from domain.errors import EndReason, RefreshTokenInvalidError
from domain.token import RefreshTokenCodec
from domain.work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoutCommand:
    """A wish to end a session; whatever was presented as its token, or None."""

    refresh_token: str | None = field(repr=False)
    caller: Caller


@dataclass(frozen=True, slots=True, kw_only=True)
class Logout:
    """End the session of a refresh token, for good before the answer leaves."""

    codec: RefreshTokenCodec
    work: UnitOfWork
    clock: Clock

    async def __call__(self, command: LogoutCommand) -> None:
        """Log out; succeeds with any token of the session, with a dead one and without one.

        Raises:
            StorageUnavailableError: It isn't known whether the session ended; ask again.
        """
        now, reason = self.clock.now(), EndReason.LOGGED_OUT
        try:
            presented = self.codec.decode(command.refresh_token or "", now)
        except RefreshTokenInvalidError:
            return
        async with self.work.begin() as work:
            user_id = await work.sessions.end(presented, reason)
            if user_id is None:
                return
            await work.audit.append(
                *session_ended(now, command.caller, reason, user_id, presented.session_id)
            )
            await work.commit()
