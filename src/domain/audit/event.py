"""Audit events: what happened to accounts and sessions, and who requested it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from latchkey.domain.accounts.user import UserId
from latchkey.domain.kernel.identifier import new_id
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.session_id import SessionId

COMMAND_LINE: Final = "command line"
"""Who has made a change, as the detail `by` names an operator."""


class AuditAction(StrEnum):
    """The type of an audit event."""

    LOGIN_SUCCEEDED = "login_succeeded"
    LOGIN_FAILED = "login_failed"
    LOGIN_CHALLENGED = "login_challenged"
    SECOND_FACTOR_FAILED = "second_factor_failed"
    SECOND_FACTOR_ADDED = "second_factor_added"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    SECOND_FACTORS_REMOVED = "second_factors_removed"
    PASSKEY_COUNTER_SUSPECT = "passkey_counter_suspect"
    RECOVERY_CODES_REPLACED = "recovery_codes_replaced"
    DEVICE_REMEMBERED = "device_remembered"
    DEVICE_FORGOTTEN = "device_forgotten"
    REFRESH_REPLAYED = "refresh_replayed"
    REFRESH_SUPERSEDED = "refresh_superseded"
    REFRESH_FAST_FORWARDED = "refresh_fast_forwarded"
    REFRESH_REUSED = "refresh_reused"
    REFRESH_NEVER_ISSUED = "refresh_never_issued"
    SESSION_ENDED = "session_ended"
    ADMIN_BOOTSTRAPPED = "admin_bootstrapped"
    USER_CREATED = "user_created"
    USER_DISABLED = "user_disabled"
    USER_ENABLED = "user_enabled"
    ROLE_CHANGED = "role_changed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of an event
    PASSWORD_ATTEMPT_FAILED = "password_attempt_failed"  # noqa: S105 - the name of an event
    PASSWORD_RESET_REQUESTED = "password_reset_requested"  # noqa: S105 - the name of an event
    PASSWORD_RESET = "password_reset"  # noqa: S105 - the name of an event
    REGISTRATION_REQUESTED = "registration_requested"
    INVITATION_SENT = "invitation_sent"
    INVITATION_WITHDRAWN = "invitation_withdrawn"
    USER_REGISTERED = "user_registered"
    EMAIL_CHANGE_REQUESTED = "email_change_requested"
    EMAIL_CHANGE_WITHDRAWN = "email_change_withdrawn"
    EMAIL_CHANGED = "email_changed"
    NAME_CHANGED = "name_changed"
    USER_DELETED = "user_deleted"
    LINK_REFUSED = "link_refused"
    LINK_REPEATED = "link_repeated"
    MAIL_SENT = "mail_sent"
    MAIL_FAILED = "mail_failed"
    MAIL_EXPIRED = "mail_expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSource:
    """Where a request came from.

    Attributes:
        address: The client's IP address, or "" if there is none (the command line).
        request_id: At most 64 characters `[A-Za-z0-9._-]`, or "" if there is none.
    """

    address: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One entry of the audit log. Contains no password, hash or token, not even a wrong one.

    Attributes:
        id: Sorts by `at`.
        at: Aware UTC datetime.
        detail: Further facts; their names are in snake_case.
    """

    id: UUID
    at: datetime
    action: AuditAction
    source: RequestSource
    user_id: UserId | None = None
    session_id: SessionId | None = None
    detail: Mapping[str, str] = field(default_factory=dict)


def event(
    action: AuditAction,
    at: datetime,
    source: RequestSource,
    *,
    user_id: UserId | None = None,
    session_id: SessionId | None = None,
    **detail: str,
) -> AuditEvent:
    """Create an audit event with a new id."""
    return AuditEvent(
        id=new_id(at),
        at=at,
        action=action,
        source=source,
        user_id=user_id,
        session_id=session_id,
        detail=detail,
    )


def session_ended(
    at: datetime,
    source: RequestSource,
    reason: EndReason,
    user_id: UserId,
    *session_ids: SessionId,
    **detail: str,
) -> tuple[AuditEvent, ...]:
    """Create one event for each session of a user that has ended."""
    return tuple(
        event(
            AuditAction.SESSION_ENDED,
            at,
            source,
            user_id=user_id,
            session_id=session_id,
            reason=reason,
            **detail,
        )
        for session_id in session_ids
    )
