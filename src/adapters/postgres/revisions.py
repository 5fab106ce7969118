"""How the schema of a database compares with that of this release."""

from enum import Enum, auto
from pathlib import Path
from typing import Final

from sqlalchemy import Column, MetaData, String, Table

REVISIONS: Final = tuple(
    sorted(file.stem[1:5] for file in Path(__file__).parent.glob("migrations/versions/v*.py"))
)
"""The revisions of the schema that this release knows, oldest first."""

VERSION_TABLE: Final = "schema_version"
version: Final = Table(VERSION_TABLE, MetaData(), Column("version_num", String(32)))
"""Alembic's table. It is not one of `schema.metadata`, because no migration describes it."""


class SchemaState(Enum):
    """How the schema of a database compares with that of this release."""

    MISSING = auto()
    OLDER = auto()
    CURRENT = auto()
    NEWER = auto()
    FOREIGN = auto()

    @property
    def is_usable(self) -> bool:
        """Whether this release runs on the schema.

        A newer schema is usable, because a migration only adds what the previous release can ignore
        (CONTRIBUTING.md, "expand, then contract").
        """
        return self in {SchemaState.CURRENT, SchemaState.NEWER}


def state_of(revision: str | None) -> SchemaState:
    """Return the state of a schema with this revision; None means that it was never migrated."""
    if revision is None:
        return SchemaState.MISSING
    if revision in REVISIONS:
        is_current = revision == REVISIONS[-1]
        return SchemaState.CURRENT if is_current else SchemaState.OLDER
    is_later = revision.isdigit() and revision > REVISIONS[-1]
    return SchemaState.NEWER if is_later else SchemaState.FOREIGN
