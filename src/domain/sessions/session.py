"""Sessions, one for each login, and the port that stores them."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple, Self

from latchkey.domain.accounts.user import User, UserId
from latchkey.domain.kernel.identifier import time_of
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.refresh_token import RefreshToken
from latchkey.domain.sessions.session_id import SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPolicy:
    """How long sessions last, and how many a user may have.

    Attributes:
        idle: A session ends this long after its last refresh, timedelta > 0.
        absolute: A session ends this long after its login, timedelta > 0.
        grace: How long a retired token may still be an honest retry, 0 s to 60 s; 0 s turns
            this off.
        per_user: The maximum number of sessions of a user, >= 1. A further login ends the
            idlest one: that which was not refreshed for the longest time.
    """

    idle: timedelta
    absolute: timedelta
    grace: timedelta
    per_user: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A login and its rotations. Every instant is an aware UTC datetime.

    Attributes:
        id: Contains the time of the login, to the millisecond.
        secret_hash: SHA-256 of the secret in its tokens, 32 bytes; hidden in `repr`.
        generation: The generation of the current token, >= 0.
        rotated_at: When the current token was issued and the previous one retired.
        previously_rotated_at: When the token before the previous one was retired, or None before
            the second rotation.
        expires_at: The absolute expiry, fixed at login, whole seconds.
        end_reason: Why the session was ended, or None if it was not. Expiry is not stored.
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
        """Create a session from its first token."""
        return cls(
            id=token.session_id,
            user_id=user_id,
            secret_hash=token.secret_hash,
            generation=token.generation,
            rotated_at=now,
            expires_at=token.expires_at,
        )

    @property
    def created_at(self) -> datetime:
        """When the login was, in whole milliseconds."""
        return time_of(self.id)

    def end_reason_at(self, now: datetime, idle: timedelta) -> EndReason | None:
        """Return why the session has ended by `now`, or None if it is active."""
        if self.end_reason is not None:
            return self.end_reason
        if now >= self.ends_at(idle):
            return EndReason.EXPIRED
        return None

    def ends_at(self, idle: timedelta) -> datetime:
        """Return when the session expires without another refresh."""
        return min(self.expires_at, self.rotated_at + idle)

    def remaining(self, now: datetime, idle: timedelta) -> timedelta:
        """Return the time until the session expires without another refresh, timedelta >= 0."""
        return max(self.ends_at(idle) - now, timedelta(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class UserSession:
    """A session with its user, both read at one instant."""

    session: Session
    user: User

    def end_reason_at(self, now: datetime, idle: timedelta) -> EndReason | None:
        """Return why the session has ended by `now`, or None if it is active.

        A session has also ended if its user is disabled.
        """
        reason = self.session.end_reason_at(now, idle)
        if reason is None and self.user.is_disabled:
            return EndReason.USER_DISABLED
        return reason


class EndedSession(NamedTuple):
    """A session that a call has ended, and whose it was."""

    user_id: UserId
    id: SessionId


class SessionRepository(ABC):
    """Stores sessions. Each method is one atomic step, also among concurrent calls."""

    @abstractmethod
    async def add(
        self, session: Session, *, password_version: int, has_second_factor: bool = False
    ) -> bool:
        """Store a new session if its user is enabled and what it was prepared for is still true.

        Once a change of the password, a disable, or the first or last second factor is committed,
        no session that was prepared before it can be added.

        Args:
            session: The session.
            password_version: That of the user.
            has_second_factor: Whether the user has a second factor.

        Returns:
            Whether the session was stored.
        """

    @abstractmethod
    async def find(self, session_id: SessionId) -> UserSession | None:
        """Return a session with its user, both as last committed, or None."""

    @abstractmethod
    async def rotate(
        self, presented: RefreshToken, *, current: int, now: datetime, idle: timedelta
    ) -> UserSession | None:
        """Advance a session to the generation after the presented one (compare-and-set).

        Succeeds only if the session has the token's secret and the generation `current`, is active,
        and belongs to an enabled user. Of concurrent calls, exactly one succeeds. No call succeeds
        after the end of the session was committed.

        Args:
            presented: The token to retire, of any generation.
            current: The generation that the session must have: the presented one, or less to
                make up for lost commits.
            now: The time of rotation.
            idle: The idle lifetime, which decides whether the session is active.

        Returns:
            The rotated session with its user, or None if nothing was changed.
        """

    @abstractmethod
    async def end(self, presented: RefreshToken, reason: EndReason) -> UserId | None:
        """End the session of a token of any generation, if their secrets match.

        Returns:
            The session's user, or None if there is no such session or it was already ended.
        """

    @abstractmethod
    async def end_all(
        self, user_id: UserId, reason: EndReason, *, limit: int | None = None
    ) -> tuple[SessionId, ...]:
        """End all sessions of a user that are not ended yet.

        Args:
            user_id: The user whose sessions end.
            reason: Why they end.
            limit: The number of sessions to end at most, >= 1; None ends all of them.

        Returns:
            The ids of the sessions that this call has ended, newest first.
        """

    @abstractmethod
    async def replace(
        self, user_id: UserId, presented: Sequence[RefreshToken], *, keep: int, limit: int
    ) -> tuple[EndedSession, ...]:
        """End the sessions that a new one of a user replaces, with reason `replaced`.

        These are the sessions of the presented tokens, of any generation and any user, if their
        secrets match. Of the user's other sessions that are not ended, the `keep` that were rotated
        last are kept. Concurrent calls cannot deadlock with each other.

        Args:
            user_id: Whose sessions are limited.
            presented: Tokens of different sessions; none of the new one.
            keep: The number of sessions to keep, >= 1, the new one included.
            limit: The number of sessions beyond `keep` to end at most, >= 1; those that were not
                rotated for the longest time end first.

        Returns:
            The sessions that this call has ended, newest first.
        """

    @abstractmethod
    async def prune(
        self, born_before: datetime, *, limit: int, after: SessionId | None = None
    ) -> tuple[SessionId, ...]:
        """Delete the oldest sessions that began before an instant, active or not.

        Args:
            born_before: The instant, so early that all sessions that began before it have expired.
                Rounded down to the millisecond.
            limit: The maximum number of sessions to delete, >= 1.
            after: The last id of the previous batch, so that the storage need not search the
                deleted sessions again. None begins with the oldest session.

        Returns:
            The ids of the deleted sessions, oldest first; none while another call prunes.
        """
