"""Why a session has ended."""

from enum import StrEnum


class EndReason(StrEnum):
    """Why a session has ended. Only a client with an authentic token of the session is told."""

    LOGGED_OUT = "logged_out"
    REPLACED = "replaced"
    EXPIRED = "expired"
    REUSE_DETECTED = "reuse_detected"
    REVOKED = "revoked"
    USER_DISABLED = "user_disabled"
    ACCOUNT_DELETED = "account_deleted"
