"""Why a session has ended."""

from enum import StrEnum


class EndReason(StrEnum):
    """Why a session is over; told to nobody but the holder of a token of ours."""

    LOGGED_OUT = "logged_out"
    REPLACED = "replaced"
    EXPIRED = "expired"
    REUSE_DETECTED = "reuse_detected"
    REVOKED = "revoked"
    USER_DISABLED = "user_disabled"
