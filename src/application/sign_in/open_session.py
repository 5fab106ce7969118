"""Open a session for a user who has proven who they are (docs/flow.md, L4)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from latchkey.application.sessions.presented import genuine
from latchkey.application.sessions.token_pair import TokenPair, TokenPairIssuer
from latchkey.domain.accounts.user import User
from latchkey.domain.audit.event import (
    AuditAction,
    AuditEvent,
    RequestSource,
    event,
    session_ended,
)
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.refresh_token import RefreshToken, RefreshTokenCodec
from latchkey.domain.sessions.session import Session, SessionPolicy, UserSession
from latchkey.domain.unit_of_work import UnitOfWork, UnitsOfWork

MOST_ENDED: Final = 100
"""Sessions that one login ends at most, so that a lowered limit does not make a login slow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn:
    """The tokens of a new session, and its user."""

    tokens: TokenPair
    user: User


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenUser:
    """A user who has proven who they are, as read at one instant.

    Attributes:
        password_version: The version that was read with the user. The session is opened only if
            it is still current.
        replaces: The refresh tokens that the client holds already; any texts, or none.
        device_name: A name for the client's device, at most 64 characters, or "" if it is unknown.
    """

    user: User
    password_version: int
    replaces: tuple[str, ...] = field(repr=False)
    device_name: str = ""
    source: RequestSource


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """Open a session. Every way of signing in ends here."""

    units: UnitsOfWork
    codec: RefreshTokenCodec
    issuer: TokenPairIssuer
    clock: Clock
    policy: SessionPolicy

    async def __call__(self, proven: ProvenUser) -> LoggedIn | None:
        """Open a session, and end the one that it replaces and those beyond the limit.

        Returns:
            The tokens, or None if the user was disabled or the password changed since the user
            was read. Nothing has changed then.

        Raises:
            StorageUnavailableError: It is unknown whether the session was opened.
        """
        now, user = self.clock.now(), proven.user
        token = RefreshToken.first(now, self.policy.absolute)
        session = Session.begin(token, user.id, now)
        async with self.units.begin() as unit:
            if not await unit.sessions.add(session, password_version=proven.password_version):
                return None
            await unit.audit.append(
                event(
                    AuditAction.LOGIN_SUCCEEDED,
                    now,
                    proven.source,
                    user_id=user.id,
                    session_id=session.id,
                    **({"device": proven.device_name} if proven.device_name else {}),
                ),
                *await self._end_others(unit, proven, now),
            )
            await unit.commit()
        opened = UserSession(session=session, user=user)
        return LoggedIn(tokens=self.issuer.issue(opened, token, now), user=user)

    async def _end_others(
        self, unit: UnitOfWork, proven: ProvenUser, now: datetime
    ) -> tuple[AuditEvent, ...]:
        ended = await unit.sessions.replace(
            proven.user.id,
            genuine(self.codec, proven.replaces, now),
            keep=self.policy.per_user,
            limit=MOST_ENDED,
        )
        source, reason = proven.source, EndReason.REPLACED
        return tuple(
            noted
            for session in ended
            for noted in session_ended(now, source, reason, session.user_id, session.id)
        )
