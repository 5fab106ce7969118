"""The columns of a session that are read, and what they mean."""

from collections.abc import Sequence
from typing import Any, Final

import asyncpg
from sqlalchemy import ColumnElement

from latchkey.adapters.postgres.sessions.tables import sessions
from latchkey.domain.accounts.user import UserId
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.session import Session

SESSION: Final[Sequence[ColumnElement[Any]]] = (
    sessions.c.id,
    sessions.c.secret_hash,
    sessions.c.generation,
    sessions.c.rotated_at,
    sessions.c.previously_rotated_at,
    sessions.c.expires_at,
    sessions.c.end_reason,
)


def session_of(row: asyncpg.Record, user_id: UserId) -> Session:
    """Read a session from the columns `SESSION`."""
    reason = row["end_reason"]
    return Session(
        id=row["id"],
        user_id=user_id,
        secret_hash=row["secret_hash"],
        generation=row["generation"],
        rotated_at=row["rotated_at"],
        previously_rotated_at=row["previously_rotated_at"],
        expires_at=row["expires_at"],
        end_reason=EndReason(reason) if reason else None,
    )
