"""The mails of the outbox in memory, as operators see them."""

from dataclasses import replace
from datetime import datetime

from typing_extensions import override

from latchkey.adapters.memory.page import page
from latchkey.adapters.memory.tables import Access
from latchkey.domain.kernel.page import Page, Position
from latchkey.domain.mail.mail import MailId
from latchkey.domain.mail.queue import MailQueue, MailStatus, QueuedMail


class MemoryMailQueue(MailQueue):
    """Looks at all mails for each page."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    async def page(
        self, status: MailStatus, *, after: Position | None, limit: int
    ) -> Page[QueuedMail]:
        rows = (await self._access.read()).mails.rows()
        is_failed = status is MailStatus.FAILED
        wanted = (row for row in rows if (row.failure is not None) is is_failed)
        return page(wanted, after=after, limit=limit)

    @override
    async def retry(self, mail_id: MailId, now: datetime, *, give_up_at: datetime) -> bool:
        async with self._access.change() as tables:
            row = tables.mails.get(mail_id)
            if row is None or row.failure is None:
                return False
            mail = replace(row.mail, give_up_at=give_up_at)
            tables.mails.put(mail_id, replace(row, mail=mail, due_at=now, failure=None))
            return True
