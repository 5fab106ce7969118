"""End all sessions of a user, and open a new one for the client that asked for it.

Whatever changes how a user signs in ends in this: the client's own session ends, too, since
somebody may have copied its cookie (docs/flow.md, CP2 and Y14).
"""

from dataclasses import dataclass
from datetime import datetime

from latchkey.application.factors.forget_devices import forget_devices
from latchkey.application.sessions.token_pair import TokenPair, TokenPairIssuer
from latchkey.domain.accounts.user import User
from latchkey.domain.audit.event import (
    AuditAction,
    AuditEvent,
    RequestSource,
    event,
    session_ended,
)
from latchkey.domain.factors.authentication import Means
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.errors import AccessTokenStaleError
from latchkey.domain.sessions.refresh_token import RefreshToken
from latchkey.domain.sessions.session import Session, SessionPolicy, UserSession
from latchkey.domain.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """The session that replaces all others.

    Attributes:
        user: Whose sessions.
        means: What the user has proven.
        signed_in_at: When they have proven all of it, aware UTC. The session counts its absolute
            lifetime from then.
        password_version: That of the user. The session is opened only if it is still current.
        has_second_factor: Whether the user has a second factor; likewise.
        device_name: A name for the client's device, at most 64 characters, or "" if it is unknown.
    """

    user: User
    means: Means
    signed_in_at: datetime
    password_version: int
    has_second_factor: bool
    device_name: str
    source: RequestSource


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceSessions:
    """Replaces the sessions of a user within a unit of work, which the caller commits."""

    issuer: TokenPairIssuer
    policy: SessionPolicy

    async def __call__(
        self, unit: UnitOfWork, wanted: Replacement, now: datetime, cause: AuditEvent
    ) -> TokenPair:
        """Replace them.

        Args:
            unit: The unit of work, in which the user is locked.
            wanted: The new session.
            now: The time of the change, aware UTC.
            cause: What was changed, for the audit log.

        Raises:
            AccessTokenStaleError: The password or the second factor changed meanwhile.
        """
        user, source = wanted.user, wanted.source
        token = RefreshToken.first(wanted.signed_in_at, self.policy.absolute, wanted.means)
        ended = await unit.sessions.end_all(user.id, EndReason.REVOKED)
        await forget_devices(unit, user.id, now, source)
        session = Session.begin(token, user.id, now)
        if not await unit.sessions.add(
            session,
            password_version=wanted.password_version,
            has_second_factor=wanted.has_second_factor,
        ):
            raise AccessTokenStaleError
        await unit.audit.append(
            cause,
            *session_ended(now, source, EndReason.REVOKED, user.id, *ended),
            _opened(wanted, session, now),
        )
        return self.issuer.issue(UserSession(session=session, user=user), token, now)


def _opened(wanted: Replacement, session: Session, now: datetime) -> AuditEvent:
    name = {"device": wanted.device_name} if wanted.device_name else {}
    return event(
        AuditAction.LOGIN_SUCCEEDED,
        now,
        wanted.source,
        user_id=wanted.user.id,
        session_id=session.id,
        signed_in_with=wanted.means.way,
        **name,
    )
