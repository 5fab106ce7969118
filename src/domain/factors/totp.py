"""Codes of authenticator apps: time-based one-time passwords (TOTP).

The app and the service share a secret. A code is computed from it and the number of the current
step of 30 seconds, which both know.

Source: RFC 6238; RFC 4226 (HOTP), on which it is based.
"""

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from typing import Final

DIGITS: Final = 6
STEP: Final = timedelta(seconds=30)
DRIFT: Final = 1
"""How many steps the clock of an app may be early or late.

Source: RFC 6238, section 5.2.
"""
SECRET_BYTES: Final = 20
"""As many as the hash has.

Source: RFC 4226, section 4 (R6).
"""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_CODE: Final = re.compile(f"[0-9]{{{DIGITS}}}")  # ASCII: `\d` and `int` know other digits, too


def step_at(now: datetime) -> int:
    """Return the number of the step at an instant, an aware datetime.

    Source: RFC 6238, section 4.2.
    """
    return (now - _EPOCH) // STEP


def start_of(step: int) -> datetime:
    """Return the instant at which a step begins, aware UTC."""
    return _EPOCH + step * STEP


def totp(secret: bytes, step: int) -> str:
    """Return the code of one step.

    Args:
        secret: What the app and the service share, `SECRET_BYTES` long.
        step: The number of the step, 0 to 2^64 - 1.

    Returns:
        6 ASCII digits.

    Source: RFC 4226, section 5.3; RFC 6238, section 4 (SHA-1, which every app knows).
    """
    hashed = hmac.digest(secret, step.to_bytes(8), hashlib.sha1)
    offset = hashed[-1] & 0xF
    number = int.from_bytes(hashed[offset : offset + 4]) & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def accepted_step(secret: bytes, typed: str, now: datetime, spent: int | None) -> int | None:
    """Return the step that a code is accepted for, which the caller has to spend.

    Pure and total: accepts any text and any instant.

    Args:
        secret: What the app and the service share.
        typed: What the user typed; may be any text. White space in it is ignored.
        now: When the code was presented, aware datetime.
        spent: The last step that a code was accepted for, or None. Neither it nor an earlier one
            is accepted.

    Returns:
        If several steps have this code, the latest: once it is spent, the code is worth nothing.
        None if the code is wrong.

    Source: RFC 6238, section 5.2 (a code is accepted once).
    """
    code = "".join(typed.split())
    if not _CODE.fullmatch(code):
        return None
    current = step_at(now)
    first = max(current - DRIFT, 0 if spent is None else spent + 1)
    steps = range(first, current + DRIFT + 1)
    return max(
        (step for step in steps if hmac.compare_digest(totp(secret, step), code)), default=None
    )
