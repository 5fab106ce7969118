"""The table of mails that are not sent yet: the outbox."""

from typing import Final

from sqlalchemy import Column, Index, PrimaryKeyConstraint, SmallInteger, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from latchkey.adapters.postgres.engine.columns import (
    ROOM_FOR_UPDATES,
    identifier_column,
    instant_column,
    metadata,
    text_column,
)

_failure: Final = text_column("failure", nullable=True)

mails: Final = Table(
    "mails",
    metadata,
    identifier_column("id"),
    identifier_column("user_id", nullable=True),
    instant_column("next_attempt_at"),
    instant_column("give_up_at"),
    Column("attempts", SmallInteger(), nullable=False),
    text_column("kind"),
    text_column("language"),
    text_column("recipient"),
    Column("recipient_canonical", Text(collation="C"), nullable=False),
    Column("facts", JSONB(), nullable=False),
    _failure,
    PrimaryKeyConstraint("id", name="mails_pkey"),
    Index(
        "mails_untried_idx",
        "recipient_canonical",
        postgresql_where=text("attempts = 0 AND failure IS NULL"),
    ),
    Index("mails_due_idx", "next_attempt_at", postgresql_where=_failure.is_(None)),
    postgresql_with=ROOM_FOR_UPDATES,
)
"""A kind is any text: a release that does not know it leaves the mail to one that does."""
