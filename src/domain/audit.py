"""The record of what happened to accounts and sessions; it only ever grows."""

import hmac
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.errors import EndReason
from domain.identifier import new_id
from domain.token import SessionId
from domain.user import UserId


class AuditAction(StrEnum):
    """What happened."""

    LOGIN_SUCCEEDED = "login_succeeded"
    LOGIN_FAILED = "login_failed"
    REFRESH_REPLAYED = "refresh_replayed"
    REFRESH_SUPERSEDED = "refresh_superseded"
    REFRESH_FAST_FORWARDED = "refresh_fast_forwarded"
    REFRESH_REUSED = "refresh_reused"
    REFRESH_FORGED = "refresh_forged"
    SESSION_ENDED = "session_ended"
    ADMIN_BOOTSTRAPPED = "admin_bootstrapped"
    USER_CREATED = "user_created"
    USER_DISABLED = "user_disabled"
    ROLE_CHANGED = "role_changed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of an event


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Where a request came from.

    Attributes:
        address: The client's IP address, or "" if there is none (the command line).
        request_id: At most 64 characters `[A-Za-z0-9._-]`.
    """

    address: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One thing that happened. Has no password, hash or token in it, not even a wrong one.

    Attributes:
        id: Sorts by `at`.
        at: Aware UTC datetime.
        detail: What else there is to know, by snake_case names.
    """

    id: UUID
    at: datetime
    action: AuditAction
    caller: Caller
    user_id: UserId | None = None
    session_id: SessionId | None = None
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Names for what must not be in the log as it is: the same for the same text each time.

    Without the key nobody can tell what a name stands for, not even by trying all that it may.

    Attributes:
        key: 32 bytes; hidden in `repr`.

    Source: RFC 2104 (HMAC), cut to 128 bits as its section 5 allows.
    """

    key: bytes = field(repr=False)

    def of(self, text: str) -> str:
        """Give the name of any text, 32 hexadecimal digits."""
        return hmac.digest(self.key, text.encode(errors="surrogatepass"), "sha256")[:16].hex()


def event(
    action: AuditAction,
    at: datetime,
    caller: Caller,
    *,
    user_id: UserId | None = None,
    session_id: SessionId | None = None,
    **detail: str,
) -> AuditEvent:
    """Note that something happened."""
    return AuditEvent(
        id=new_id(at),
        at=at,
        action=action,
        caller=caller,
        user_id=user_id,
        session_id=session_id,
        detail=detail,
    )


def session_ended(
    at: datetime, caller: Caller, reason: EndReason, user_id: UserId, *session_ids: SessionId
) -> tuple[AuditEvent, ...]:
    """Note that sessions of a user ended, an event for each."""
    return tuple(
        event(
            AuditAction.SESSION_ENDED,
            at,
            caller,
            user_id=user_id,
            session_id=session_id,
            reason=reason,
        )
        for session_id in session_ids
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which events to read; what is None doesn't matter.

    Attributes:
        after: Only events with a greater id: those that come later in the log.
    """

    after: UUID | None = None
    action: AuditAction | None = None
    user_id: UserId | None = None
    session_id: SessionId | None = None


class AuditLog(ABC):
    """Keeps audit events for good."""

    @abstractmethod
    async def append(self, *events: AuditEvent) -> None:
        """Keep events, all of them or none."""

    @abstractmethod
    async def read(self, wanted: AuditFilter, *, limit: int) -> tuple[AuditEvent, ...]:
        """Read events in the order of their ids.

        Args:
            wanted: Which ones. Without `after` the newest `limit` are read.
            limit: At most so many, >= 1.
        """
