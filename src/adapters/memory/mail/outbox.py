"""The outbox in memory."""

from dataclasses import replace
from datetime import datetime
from heapq import nsmallest
from operator import attrgetter

from typing_extensions import override

from latchkey.adapters.memory.tables import Access, Tables
from latchkey.domain.mail.mail import Mail, MailId
from latchkey.domain.mail.outbox import Backlog, Claim, Outbox
from latchkey.domain.mail.queue import QueuedMail


class MemoryOutbox(Outbox):
    """Looks at all mails for each claim."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    async def add(self, *mails: Mail) -> None:
        async with self._access.change() as tables:
            for mail in mails:
                tables.mails.put(mail.id, QueuedMail(mail=mail, due_at=mail.created_at))

    @override
    async def replace(self, mail: Mail) -> None:
        async with self._access.change() as tables:
            for row in list(tables.mails.rows()):
                if _is_untried(row) and _is_like(row.mail, mail):
                    tables.mails.put(row.mail.id, None)
            tables.mails.put(mail.id, QueuedMail(mail=mail, due_at=mail.created_at))

    @override
    async def claim(self, now: datetime, *, until: datetime, limit: int) -> tuple[Claim, ...]:
        async with self._access.change() as tables:
            due = (row for row in tables.mails.rows() if not row.failure and row.due_at <= now)
            claimed = [
                replace(row, due_at=until, attempts=row.attempts + 1)
                for row in nsmallest(limit, due, key=attrgetter("due_at"))
            ]
            for row in claimed:
                tables.mails.put(row.mail.id, row)
            return tuple(Claim(mail=row.mail, attempts=row.attempts) for row in claimed)

    @override
    async def remove(self, mail_id: MailId) -> bool:
        async with self._access.change() as tables:
            is_there = tables.mails.get(mail_id) is not None
            tables.mails.put(mail_id, None)
            return is_there

    @override
    async def postpone(self, claim: Claim, until: datetime) -> bool:
        async with self._access.change() as tables:
            row = _claimed(tables, claim)
            if row is not None:
                tables.mails.put(claim.mail.id, replace(row, due_at=until))
            return row is not None

    @override
    async def give_up(self, claim: Claim, failure: str) -> bool:
        async with self._access.change() as tables:
            row = _claimed(tables, claim)
            if row is not None:
                tables.mails.put(claim.mail.id, replace(row, failure=failure))
            return row is not None

    @override
    async def prune(self, created_before: datetime, *, limit: int) -> int:
        async with self._access.change() as tables:
            old = [
                row.mail.id
                for row in tables.mails.rows()
                if row.failure and row.mail.created_at < created_before
            ][:limit]
            for mail_id in old:
                tables.mails.put(mail_id, None)
            return len(old)

    @override
    async def backlog(self) -> Backlog:
        rows = (await self._access.read()).mails.rows()
        written = [row.mail.created_at for row in rows if not row.failure]
        return Backlog(mails=len(written), oldest_at=min(written, default=None))


def _is_untried(row: QueuedMail) -> bool:
    return row.attempts == 0 and row.failure is None


def _is_like(mail: Mail, other: Mail) -> bool:
    is_same = mail.recipient.canonical == other.recipient.canonical
    return is_same and mail.kind is other.kind


def _claimed(tables: Tables, claim: Claim) -> QueuedMail | None:
    """Return the mail of a claim that is the mail's last, or None."""
    row = tables.mails.get(claim.mail.id)
    is_last = row is not None and row.attempts == claim.attempts and row.failure is None
    return row if is_last else None
