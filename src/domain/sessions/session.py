"""Sessions: one for each login, and the port that stores them."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from latchkey.domain.accounts.user import User, UserId
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.refresh_token import RefreshToken
from latchkey.domain.sessions.session_id import SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPolicy:
    """How long sessions last.

    Attributes:
        idle: A session that is not refreshed for so long is over, timedelta > 0.
        absolute: A session that is so old is over, timedelta > 0.
        grace: How long a retired token still counts as honest, 0 s to 60 s; 0 means never.
        per_user: How many sessions a user may have at once, >= 1; one more ends the oldest.
    """

    idle: timedelta
    absolute: timedelta
    grace: timedelta
    per_user: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One login, whatever the number of its rotations.

    Attributes:
        id: Says when it began, to the millisecond.
        secret_hash: SHA-256 of the secret in its tokens, 32 bytes.
        generation: The generation of the current token, >= 0.
        rotated_at: When the current token was made and the one before it retired.
        previously_rotated_at: When the token before that one retired; None before the second
            rotation.
        expires_at: The absolute expiry, fixed at login, whole seconds.
        end_reason: Why it was ended, or None if it wasn't.
    """

    id: SessionId
    user_id: UserId
    secret_hash: bytes = field(repr=False)
    generation: int
    rotated_at: datetime
    previously_rotated_at: datetime | None = None
    expires_at: datetime
    end_reason: EndReason | None = None

    @classmethod
    def begin(cls, token: RefreshToken, user_id: UserId, now: datetime) -> Self:
        """Start the session of a first token."""
        return cls(
            id=token.session_id,
            user_id=user_id,
            secret_hash=token.secret_hash,
            generation=token.generation,
            rotated_at=now,
            expires_at=token.expires_at,
        )

    def end_reason_at(self, now: datetime, idle: timedelta) -> EndReason | None:
        """Tell why the session is over at an instant, or None if it lives."""
        if self.end_reason is not None:
            return self.end_reason
        if now >= min(self.expires_at, self.rotated_at + idle):
            return EndReason.EXPIRED
        return None

    def remaining(self, now: datetime, idle: timedelta) -> timedelta:
        """Tell how long the session lasts if it isn't refreshed again; 0 s when it is over."""
        return max(min(self.expires_at, self.rotated_at + idle) - now, timedelta(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class UserSession:
    """A session and the user whose it is, read at one instant."""

    session: Session
    user: User

    def end_reason_at(self, now: datetime, idle: timedelta) -> EndReason | None:
        """Tell why the session is over at an instant, the user's part included, or None."""
        reason = self.session.end_reason_at(now, idle)
        if reason is None and self.user.is_disabled:
            return EndReason.USER_DISABLED
        return reason


class SessionRepository(ABC):
    """Keeps sessions. Each method is one atomic step, whoever else is at it."""

    @abstractmethod
    async def add(self, session: Session, *, password_version: int) -> bool:
        """Keep a new session if its user is still enabled and has this password version.

        Atomic against a change of the password and against a disable: once either is
        committed, no session of before it can be added any more.

        Returns:
            Whether it was kept.
        """

    @abstractmethod
    async def find(self, session_id: SessionId) -> UserSession | None:
        """Find a session and its user, both as last committed."""

    @abstractmethod
    async def rotate(
        self, presented: RefreshToken, *, current: int, now: datetime, idle: timedelta
    ) -> UserSession | None:
        """Count a session up to the generation after the presented one (compare-and-set).

        Succeeds only while the session knows the token's secret, is not over, its user is
        enabled, and its generation is `current`. Of any number that try at once, exactly one
        succeeds; none does after the session's end was committed.

        Args:
            presented: The token to retire, of any generation.
            current: The generation that the session must be at: the presented one, or one less
                to make up for a lost commit.
            now: The instant of rotation.
            idle: The idle lifetime to judge by.

        Returns:
            The session after its rotation with its user, or None if nothing was changed.
        """

    @abstractmethod
    async def end(self, presented: RefreshToken, reason: EndReason) -> UserId | None:
        """End the session of a token that knows its secret, whatever the generation.

        Returns:
            Whose session it was, or None if it had ended before or there is none.
        """

    @abstractmethod
    async def end_all(
        self, user_id: UserId, reason: EndReason, *, keep: int = 0, limit: int | None = None
    ) -> tuple[SessionId, ...]:
        """End the sessions of a user that were not ended, but for the newest `keep`.

        Args:
            user_id: Whose sessions.
            reason: Why they end.
            keep: The number of sessions to keep, >= 0.
            limit: The number of sessions to end at most, >= 1; the oldest end first. None ends
                all of them.

        Returns:
            Which ones were ended, newest first.
        """

    @abstractmethod
    async def prune(
        self, born_before: datetime, *, limit: int, after: SessionId | None = None
    ) -> tuple[SessionId, ...]:
        """Delete the oldest sessions that were born before an instant, alive or not.

        Args:
            born_before: Sessions of then can't be alive, and nobody asks for their end any more;
                what it has beyond milliseconds doesn't count.
            limit: At most so many, >= 1.
            after: Where the batch before this one ended, so that the storage need not look again
                at what is deleted. None begins with the oldest session.

        Returns:
            Which ones were deleted, oldest first; none while somebody else prunes.
        """
