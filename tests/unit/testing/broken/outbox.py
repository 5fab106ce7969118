"""Outboxes that lose mails, send them twice, or let others settle them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from operator import attrgetter
from typing import Any, Final

from latchkey.adapters.memory.mail.outbox import MemoryOutbox
from latchkey.domain.mail.outbox import Backlog, Claim
from latchkey.domain.mail.queue import QueuedMail
from latchkey.testing.ports import OutboxSuite
from unit.testing.broken.fault import Fault, step

OUTBOX: Final = MemoryOutbox


def _claim(
    *,
    order: Callable[[Any], Any] = attrgetter("due_at"),
    is_due: Callable[[Any, Any], bool] = lambda row, now: row.due_at <= now,
    size: Callable[[int], int] = int,
    forgets: bool = False,
    takes_failed: bool = False,
    counts: bool = True,
    races: bool = False,
) -> Callable[..., Any]:
    async def claim(self: Any, now: Any, *, until: Any, limit: int) -> Any:
        def decide(tables: Any) -> Any:
            rows = [row for row in tables.mails.rows() if is_due(row, now)]
            rows = [row for row in rows if takes_failed or row.failure is None]
            chosen = sorted(rows, key=order)[: size(limit)]
            claimed = [replace(row, due_at=until, attempts=row.attempts + counts) for row in chosen]
            kept = [("mails", row.mail.id, None if forgets else row) for row in claimed]
            result = tuple(Claim(mail=row.mail, attempts=row.attempts) for row in claimed)
            return result, kept

        return await step(self, decide, races=races)

    return claim


def _settle(change: Callable[[Any, Any], Any], *, checks: bool = True) -> Callable[..., Any]:
    async def settle(self: Any, claim: Any, value: Any) -> bool:
        async with self._access.change() as tables:
            row = tables.mails.get(claim.mail.id)
            is_last = row is not None and row.attempts == claim.attempts and not row.failure
            if row is not None and (is_last or not checks):
                tables.mails.put(claim.mail.id, change(row, value))
            return bool(is_last)

    return settle


async def _remove_nothing(self: Any, mail_id: Any) -> bool:
    return (await self._access.read()).mails.get(mail_id) is not None


async def _remove_and_never_say(self: Any, mail_id: Any) -> bool:
    await OUTBOX.remove(self, mail_id)
    return True


async def _add_the_last(self: Any, *mails: Any) -> None:
    await OUTBOX.add(self, *mails[-1:])


def _prune(is_old: Callable[[Any, Any], bool], size: Callable[[int], int] = int) -> Any:
    async def prune(self: Any, created_before: Any, *, limit: int) -> int:
        async with self._access.change() as tables:
            rows = [row for row in tables.mails.rows() if is_old(row, created_before)]
            for row in rows[: size(limit)]:
                tables.mails.put(row.mail.id, None)
            return len(rows[: size(limit)])

    return prune


def _is_old(row: Any, before: Any) -> bool:
    return bool(row.mail.created_at < before)


def _backlog(
    counts: Callable[[Any], bool], oldest: Callable[[list[Any]], Any] = min
) -> Callable[..., Any]:
    async def backlog(self: Any) -> Any:
        rows = (await self._access.read()).mails.rows()
        written = [row.mail.created_at for row in rows if counts(row)]
        return Backlog(mails=len(written), oldest_at=oldest(written) if written else None)

    return backlog


def _replace(
    *,
    is_like: Callable[[Any, Any], bool] = lambda mail, other: (
        mail.recipient.canonical == other.recipient.canonical and mail.kind is other.kind
    ),
    is_untried: Callable[[Any], bool] = lambda row: row.attempts == 0 and not row.failure,
    keeps_the_old: bool = False,
    races: bool = False,
) -> Callable[..., Any]:
    async def replace_(self: Any, mail: Any) -> None:
        def decide(tables: Any) -> Any:
            like = [row for row in tables.mails.rows() if is_like(row.mail, mail)]
            gone = [("mails", row.mail.id, None) for row in like if is_untried(row)]
            if gone and keeps_the_old:
                return None, []
            new = QueuedMail(mail=mail, due_at=mail.created_at)
            return None, [*gone, ("mails", mail.id, new)]

        await step(self, decide, races=races)

    return replace_


def _replacement_faults() -> Iterator[Fault]:
    def broken(name: str, **how: Any) -> Fault:
        return Fault.of(f"Replaced{name}", OutboxSuite, MemoryOutbox, replace=_replace(**how))

    yield broken("AreNone", is_like=lambda *_: False)
    yield broken("AreAll", is_like=lambda *_: True)
    yield broken("AreOfAnyKind", is_like=lambda mail, other: mail.recipient == other.recipient)
    yield broken("AreToAnybody", is_like=lambda mail, other: mail.kind is other.kind)
    yield broken(
        "AreByTheirText",
        is_like=lambda mail, other: (
            mail.recipient.text == other.recipient.text and mail.kind is other.kind
        ),
    )
    yield broken("AreTried", is_untried=lambda _: True)
    yield broken("AreKept", keeps_the_old=True)
    yield broken("Race", races=True)


def faults() -> Iterator[Fault]:
    """Break the outbox."""

    def broken(name: str, **methods: Callable[..., Any]) -> Fault:
        return Fault.of(f"TheOutbox{name}", OutboxSuite, MemoryOutbox, **methods)

    yield broken("AddsOneMail", add=_add_the_last)
    yield broken("ForgetsWhatIsClaimed", claim=_claim(forgets=True))
    yield broken("ClaimsWhatIsClaimed", claim=_claim(is_due=lambda _row, _now: True))
    yield broken("ClaimsTooLate", claim=_claim(is_due=lambda row, now: row.due_at < now))
    yield broken("ClaimsTheNewestFirst", claim=_claim(order=lambda row: -row.mail.id.int))
    yield broken("ClaimsTooMany", claim=_claim(size=lambda limit: limit + 1))
    yield broken("ClaimsWhatWasGivenUp", claim=_claim(takes_failed=True))
    yield broken("CountsNoClaims", claim=_claim(counts=False))
    yield broken("IsClaimedTwice", claim=_claim(races=True))
    yield broken("RemovesNothing", remove=_remove_nothing)
    yield broken("RemovesWhatIsNotThere", remove=_remove_and_never_say)
    yield broken("PostponesNothing", postpone=_settle(lambda row, _: row))
    yield broken(
        "IsPostponedByAnybody",
        postpone=_settle(lambda row, at: replace(row, due_at=at), checks=False),
    )
    yield broken("GivesNothingUp", give_up=_settle(lambda row, _: row))
    yield broken(
        "IsGivenUpByAnybody",
        give_up=_settle(lambda row, why: replace(row, failure=why), checks=False),
    )
    yield broken("CountsWhatWasGivenUp", backlog=_backlog(lambda _row: True))
    yield broken(
        "CountsNothingThatIsClaimed",
        backlog=_backlog(lambda row: row.failure is None and row.attempts == 0),
    )
    yield broken("NamesTheYoungest", backlog=_backlog(lambda row: row.failure is None, max))
    yield broken("PrunesWhatWaits", prune=_prune(_is_old))
    yield broken("PrunesWhatIsYoung", prune=_prune(lambda row, _: row.failure is not None))
    yield broken(
        "PrunesTooMany",
        prune=_prune(
            lambda row, before: row.failure is not None and _is_old(row, before),
            lambda limit: limit + 1,
        ),
    )
    yield from _replacement_faults()
