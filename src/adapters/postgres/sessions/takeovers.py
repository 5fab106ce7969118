"""Takeovers in PostgreSQL, by the timelines of its log.

A server that is promoted, or recovered from a backup and the archived log, begins a new timeline. A
row for each timeline says when a service first saw it.
"""

import asyncio
import logging
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

import asyncpg
from sqlalchemy import (
    ColumnElement,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    null,
    select,
)
from sqlalchemy.dialects.postgresql import insert
from typing_extensions import override

from latchkey.adapters.postgres.engine.access import Access
from latchkey.adapters.postgres.engine.errors import explained
from latchkey.adapters.postgres.engine.statement import Statement
from latchkey.adapters.postgres.sessions.tables import timelines
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.kernel.errors import StorageFaultError, StorageUnavailableError
from latchkey.domain.sessions.takeovers import Takeovers

_log: Final = logging.getLogger(__name__)
_FIRST: Final = 1.0  # s after the start: most commands have ended by then
_EVERY: Final = 60.0  # s between two looks

_DIGITS: Final[ColumnElement[int]] = literal_column("8")  # of a timeline, in the name of a file
_PRESENT: Final[ColumnElement[Any]] = func.left(
    func.pg_walfile_name(func.pg_current_wal_lsn()), _DIGITS
)
"""The timeline that the server writes; a standby, which writes none, fails."""

NOTE: Final = Statement(
    insert(timelines)
    .from_select(
        ["id", "first_seen_at"],
        select(
            _PRESENT,
            case(
                (
                    exists(select(timelines.c.id)),
                    bindparam("now", type_=timelines.c.first_seen_at.type),
                ),
                else_=null(),
            ),
        ),
    )
    .on_conflict_do_nothing()
)
FIND: Final = Statement(
    select(timelines.c.first_seen_at).where(timelines.c.id == _PRESENT), is_read=True
)


class PostgresTakeovers(Takeovers):
    """Notes each timeline when it is first seen.

    Where the server does not tell its timeline, as some managed services, or the role lacks a right
    on the table, no takeover is known.
    """

    def __init__(self, access: Access) -> None:
        self._access = access
        self._has_warned = False

    @override
    async def latest(self, now: datetime) -> datetime | None:
        try:
            return await self.note(now)
        except StorageFaultError as error:
            self._warn(str(error))
        except StorageUnavailableError as error:
            if not isinstance(error.__cause__, asyncpg.FeatureNotSupportedError):
                raise
            self._warn(explained(error.__cause__))
        return None

    async def watch(self, clock: Clock) -> None:
        """Note takeovers soon after they happen; never returns."""
        await asyncio.sleep(_FIRST)
        while True:
            with suppress(StorageUnavailableError):
                await self.latest(clock.now())
            await asyncio.sleep(_EVERY)

    async def note(self, now: datetime) -> datetime | None:
        """Note the present timeline if it is new; return what `latest` returns.

        Raises:
            StorageFaultError: The server does not tell its timeline, or the role lacks a right.
            StorageUnavailableError: The database did not respond.
        """
        await self._access.rows(NOTE, now=now)
        row = await self._access.row(FIND)
        return row["first_seen_at"] if row else None

    def _warn(self, reason: str) -> None:
        if not self._has_warned:
            self._has_warned = True
            _log.warning("takeovers of the database are not noticed: %s", reason)
