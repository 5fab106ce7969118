"""The outbox in PostgreSQL."""

import json
from datetime import datetime
from typing import Final

from sqlalchemy import (
    ARRAY,
    Text,
    and_,
    any_,
    bindparam,
    delete,
    func,
    literal_column,
    select,
    update,
)
from typing_extensions import override

from latchkey.adapters.postgres.engine.access import Access
from latchkey.adapters.postgres.engine.statement import PRUNES_ALONE, Statement, insert_many
from latchkey.adapters.postgres.mail.rows import KINDS, mail_of
from latchkey.adapters.postgres.mail.tables import mails
from latchkey.domain.kernel.identifier import first_id_of, time_of
from latchkey.domain.mail.mail import Mail, MailId
from latchkey.domain.mail.outbox import Backlog, Claim, Outbox

_INSTANT: Final = mails.c.next_attempt_at.type
_IS_WAITING: Final = mails.c.failure.is_(None)
_IS_UNTRIED: Final = and_(mails.c.attempts == literal_column("0"), _IS_WAITING)

_ADD: Final = Statement(insert_many(mails))
_LIKE: Final = func.hashtextextended(
    bindparam("like", type_=Text()),
    literal_column("7020395373"),  # used for nothing else
)
LOCK_LIKE: Final = Statement(select(func.pg_advisory_xact_lock(_LIKE)))
"""Mails that are like each other are replaced one after the other."""
REMOVE_LIKE: Final = Statement(
    delete(mails)
    .where(
        _IS_UNTRIED,
        mails.c.recipient_canonical == bindparam("recipient"),
        mails.c.kind == bindparam("mail_kind"),
    )
    .returning(mails.c.id)
)
_due = (
    select(mails.c.id)
    .where(
        _IS_WAITING,
        mails.c.next_attempt_at <= bindparam("now"),
        mails.c.kind == any_(bindparam("kinds", type_=ARRAY(Text()))),
    )
    .order_by(mails.c.next_attempt_at)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
    .cte("due")
)
CLAIM: Final = Statement(
    update(mails)
    .where(mails.c.id.in_(select(_due.c.id)))
    .values(
        attempts=mails.c.attempts + literal_column("1"),
        next_attempt_at=bindparam("until", type_=_INSTANT),
    )
    .returning(*mails.c)
)
REMOVE: Final = Statement(
    delete(mails).where(mails.c.id == bindparam("mail_id")).returning(mails.c.id)
)
_CLAIMED: Final = (
    update(mails)
    .where(
        _IS_WAITING,
        mails.c.id == bindparam("mail_id"),
        mails.c.attempts == bindparam("claimed"),
    )
    .returning(mails.c.id)
)
POSTPONE: Final = Statement(_CLAIMED.values(next_attempt_at=bindparam("until", type_=_INSTANT)))
_GIVE_UP: Final = Statement(_CLAIMED.values(failure=bindparam("reason", type_=Text())))
_old = (
    select(mails.c.id)
    .where(PRUNES_ALONE, mails.c.failure.is_not(None), mails.c.id < bindparam("first_kept"))
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
    .cte("old")
)
_PRUNE: Final = Statement(
    delete(mails).where(mails.c.id.in_(select(_old.c.id))).returning(mails.c.id)
)
_BACKLOG: Final = Statement(
    select(
        select(func.count()).select_from(mails).where(_IS_WAITING).scalar_subquery().label("mails"),
        select(mails.c.id)
        .where(_IS_WAITING)
        .order_by(mails.c.id)
        .limit(literal_column("1"))
        .scalar_subquery()
        .label("oldest"),
    ),
    is_read=True,
)


class PostgresOutbox(Outbox):
    """Keeps a mail in a row, which a sender skips while another one claims it."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @override
    async def add(self, *mails: Mail) -> None:
        await self._access.row(
            _ADD,
            id=[mail.id for mail in mails],
            user_id=[mail.user_id for mail in mails],
            next_attempt_at=[mail.created_at for mail in mails],
            give_up_at=[mail.give_up_at for mail in mails],
            attempts=[0 for _ in mails],
            kind=[mail.kind for mail in mails],
            language=[mail.language for mail in mails],
            recipient=[mail.recipient.text for mail in mails],
            recipient_canonical=[mail.recipient.canonical for mail in mails],
            facts=[json.dumps(dict(mail.facts)) for mail in mails],
            failure=[None for _ in mails],
        )

    @override
    async def replace(self, mail: Mail) -> None:
        kind, recipient = mail.kind, mail.recipient.canonical
        async with self._access.transaction() as transaction:
            await transaction.row(LOCK_LIKE, like=f"{kind} {recipient}")
            await transaction.rows(REMOVE_LIKE, recipient=recipient, mail_kind=kind)
            await PostgresOutbox(transaction).add(mail)
            if self._access.is_autocommit:
                await transaction.commit()

    @override
    async def claim(self, now: datetime, *, until: datetime, limit: int) -> tuple[Claim, ...]:
        rows = await self._access.rows(CLAIM, now=now, until=until, limit=limit, kinds=KINDS)
        return tuple(Claim(mail=mail_of(row), attempts=row["attempts"]) for row in rows)

    @override
    async def remove(self, mail_id: MailId) -> bool:
        return await self._access.row(REMOVE, mail_id=mail_id) is not None

    @override
    async def postpone(self, claim: Claim, until: datetime) -> bool:
        mail_id, claimed = claim.mail.id, claim.attempts
        row = await self._access.row(POSTPONE, mail_id=mail_id, claimed=claimed, until=until)
        return row is not None

    @override
    async def give_up(self, claim: Claim, failure: str) -> bool:
        mail_id, claimed = claim.mail.id, claim.attempts
        row = await self._access.row(_GIVE_UP, mail_id=mail_id, claimed=claimed, reason=failure)
        return row is not None

    @override
    async def prune(self, created_before: datetime, *, limit: int) -> int:
        first_kept = first_id_of(created_before)
        return len(await self._access.rows(_PRUNE, first_kept=first_kept, limit=limit))

    @override
    async def backlog(self) -> Backlog:
        [row] = await self._access.rows(_BACKLOG)
        oldest_at = time_of(row["oldest"]) if row["oldest"] else None
        return Backlog(mails=row["mails"], oldest_at=oldest_at)
