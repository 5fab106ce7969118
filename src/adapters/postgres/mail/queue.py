"""The mails of the outbox in PostgreSQL, as operators see them."""

from datetime import datetime
from typing import Any, Final

import asyncpg
from sqlalchemy import ARRAY, ColumnElement, Select, Text, any_, bindparam, null, select, update
from typing_extensions import override

from latchkey.adapters.postgres.engine.access import Access
from latchkey.adapters.postgres.engine.paging import page_of
from latchkey.adapters.postgres.engine.statement import Statement
from latchkey.adapters.postgres.mail.rows import KINDS, mail_of
from latchkey.adapters.postgres.mail.tables import mails
from latchkey.domain.kernel.page import Page, Position
from latchkey.domain.mail.mail import MailId
from latchkey.domain.mail.queue import MailQueue, MailStatus, QueuedMail

_CONDITIONS: Final[dict[MailStatus, ColumnElement[bool]]] = {
    MailStatus.WAITING: mails.c.failure.is_(None),
    MailStatus.FAILED: mails.c.failure.is_not(None),
}


def _listed(status: MailStatus) -> Select[Any]:
    is_known = mails.c.kind == any_(bindparam("kinds", type_=ARRAY(Text())))
    return select(mails).where(_CONDITIONS[status], is_known)


def _page(rows: Select[Any]) -> Statement:
    return Statement(rows.order_by(mails.c.id.desc()).limit(bindparam("limit")), is_read=True)


FIRST_PAGES: Final = {status: _page(_listed(status)) for status in MailStatus}
NEXT_PAGES: Final = {
    status: _page(_listed(status).where(mails.c.id < bindparam("after"))) for status in MailStatus
}
_RETRY: Final = Statement(
    update(mails)
    .where(mails.c.id == bindparam("mail_id"), mails.c.failure.is_not(None))
    .values(
        failure=null(),
        next_attempt_at=bindparam("now", type_=mails.c.next_attempt_at.type),
        give_up_at=bindparam("until", type_=mails.c.give_up_at.type),
    )
    .returning(mails.c.id)
)


class PostgresMailQueue(MailQueue):
    """Reads the table by its primary key: it is nearly empty while all is well."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    async def page(
        self, status: MailStatus, *, after: Position | None, limit: int
    ) -> Page[QueuedMail]:
        statement = FIRST_PAGES[status] if after is None else NEXT_PAGES[status]
        place = {} if after is None else {"after": after.id}
        rows = await self._access.rows(statement, kinds=KINDS, limit=limit + 1, **place)
        return page_of([_queued(row) for row in rows], limit)

    @override
    async def retry(self, mail_id: MailId, now: datetime, *, give_up_at: datetime) -> bool:
        row = await self._access.row(_RETRY, mail_id=mail_id, now=now, until=give_up_at)
        return row is not None


def _queued(row: asyncpg.Record) -> QueuedMail:
    return QueuedMail(
        mail=mail_of(row),
        due_at=row["next_attempt_at"],
        attempts=row["attempts"],
        failure=row["failure"],
    )
