"""List where a user is signed in (docs/flow.md, SE1)."""

from dataclasses import dataclass
from datetime import datetime

from latchkey.application.accounts.current_user import CurrentUser
from latchkey.domain.accounts.user import UserId
from latchkey.domain.audit.event import AuditEvent
from latchkey.domain.audit.log import AuditLog
from latchkey.domain.factors.authentication import SignInWay
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.kernel.page import Page, Position
from latchkey.domain.sessions.access_token import Principal
from latchkey.domain.sessions.session import SessionPolicy
from latchkey.domain.sessions.session_id import SessionId
from latchkey.domain.sessions.user_sessions import UserSessionRepository


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSession:
    """An active session, as its user sees it. Every instant is an aware UTC datetime.

    Attributes:
        is_current: Whether the request belongs to this session.
        device: A name such as "Firefox on Linux", or "" if it is unknown.
        address: The IP address of the login, or "" if it is unknown.
        signed_in_with: How the user has signed in, or None if it is unknown.
        started_at: When the login was.
        last_seen_at: When the session was last refreshed, or else when the login was.
        expires_at: When the session ends if it is not refreshed.
    """

    id: SessionId
    is_current: bool
    device: str
    address: str
    signed_in_with: SignInWay | None
    started_at: datetime
    last_seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionList:
    """The active sessions of any user, with what the audit log notes of each login."""

    sessions: UserSessionRepository
    audit: AuditLog
    clock: Clock
    policy: SessionPolicy

    async def of(
        self, user_id: UserId, current: SessionId | None, *, after: Position | None, limit: int
    ) -> Page[ListedSession]:
        """List sessions, newest first.

        Args:
            user_id: Whose sessions.
            current: The session that the request belongs to, or None if it belongs to none.
            after: Where the previous page ended, or None for the first page.
            limit: The maximum number of sessions, 1 to 100.
        """
        now, idle = self.clock.now(), self.policy.idle
        page = await self.sessions.page_of(user_id, now=now, idle=idle, after=after, limit=limit)
        logins = await self.audit.logins([session.id for session in page.items])
        listed = []
        for session in page.items:
            login = logins.get(session.id)
            listed.append(
                ListedSession(
                    id=session.id,
                    is_current=session.id == current,
                    device=login.detail.get("device", "") if login else "",
                    address=login.source.address if login else "",
                    signed_in_with=_way(login),
                    started_at=session.created_at,
                    last_seen_at=session.rotated_at,
                    expires_at=session.ends_at(idle),
                )
            )
        return Page(items=tuple(listed), next=page.next)


def _way(login: AuditEvent | None) -> SignInWay | None:
    """Return what a login notes of how it was; one of another release may not note it."""
    noted = login.detail.get("signed_in_with") if login else None
    return SignInWay(noted) if noted in set(SignInWay) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSessions:
    """List the active sessions of the signed-in user."""

    current_user: CurrentUser
    session_list: SessionList

    async def __call__(
        self, principal: Principal, *, after: Position | None, limit: int
    ) -> Page[ListedSession]:
        """List sessions, newest first.

        Raises:
            AccessTokenStaleError: The session has ended, or the user's role has changed.
        """
        user = await self.current_user(principal)
        return await self.session_list.of(user.id, principal.session_id, after=after, limit=limit)
