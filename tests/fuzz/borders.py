"""The instants around which what a session's tokens mean changes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from fuzz.oracle import ACCESS, GRACE, IDLE, Life

_MICROSECOND: Final = timedelta(microseconds=1)
AROUND: Final = (-_MICROSECOND, timedelta(0), _MICROSECOND)
PAUSES: Final = (timedelta(0), GRACE / 2, GRACE, GRACE + _MICROSECOND)
BORDERS: Final[dict[str, Callable[[Life], datetime]]] = {
    "grace": lambda life: life.row.rotated_at + GRACE,
    "grace before": lambda life: (life.row.previously_rotated_at or life.row.rotated_at) + GRACE,
    "access token": lambda life: life.issued_at + ACCESS,
    "idle": lambda life: life.row.rotated_at + IDLE,
    "absolute": lambda life: life.expires_at,
}
