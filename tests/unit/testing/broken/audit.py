"""Audit logs that mix up, skip or forget events."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from operator import attrgetter
from typing import Any, Final

from latchkey.adapters.memory.audit.log import MemoryAuditLog
from latchkey.domain.audit.log import AuditFilter
from latchkey.testing.ports import AuditLogSuite
from unit.testing.broken.fault import Fault

FIELDS: Final = ("action", "user_id", "session_id")


def _matches(event: Any, wanted: AuditFilter, *but: str) -> bool:
    names = [name for name in FIELDS if name not in but]
    return all(getattr(wanted, name) in {None, getattr(event, name)} for name in names)


def _read(
    *,
    order: Callable[[Any], Any] = attrgetter("id"),
    but: tuple[str, ...] = (),
    is_earlier: Callable[[Any, Any], bool] = lambda event, before: event.id < before,
    is_later: Callable[[Any, Any], bool] = lambda event, after: event.id > after,
    cut: Callable[[Any, int, bool], Any] = lambda rows, limit, goes_on: (
        rows[:limit] if goes_on else rows[-limit:]
    ),
    cuts_first: bool = False,
) -> Callable[..., Any]:
    async def read(self: Any, wanted: AuditFilter, *, limit: int) -> Any:
        rows = list((await self._access.read()).events.rows())
        rows = sorted(rows, key=order)
        after = wanted.after
        later = [row for row in rows if after is None or is_later(row, after)]
        before = wanted.before
        later = [row for row in later if before is None or is_earlier(row, before)]
        if cuts_first:
            later = cut(later, limit, after is not None)
        matching = [row for row in later if _matches(row, wanted, *but)]
        return tuple(cut(matching, limit, after is not None))

    return read


async def _append_one_by_one(self: Any, *events: Any) -> None:
    for event in events:
        async with self._access.change() as tables:
            tables.events.put(event.id, event)


async def _read_once(self: Any, wanted: AuditFilter, *, limit: int) -> Any:
    found = await MemoryAuditLog.read(self, wanted, limit=limit)
    async with self._access.change() as tables:
        for event in found:
            tables.events.put(event.id, None)
    return found


def _append_with(change: Callable[[Any], Any]) -> Callable[..., Any]:
    async def append(self: Any, *events: Any) -> None:
        async with self._access.change() as tables:
            for event in events:
                tables.events.put(event.id, change(event))

    return append


def faults() -> Iterator[Fault]:
    """Break the audit log."""

    def broken(name: str, **methods: Callable[..., Any]) -> Fault:
        return Fault.of(f"TheLog{name}", AuditLogSuite, MemoryAuditLog, **methods)

    yield broken("IsNotSorted", read=_read(order=lambda _: 0))
    yield broken("IsSortedByInstant", read=_read(order=attrgetter("at")))
    yield broken("IsSortedBackwards", read=_read(order=lambda event: -event.id.int))
    yield broken("RepeatsTheLast", read=_read(is_later=lambda event, after: event.id >= after))
    yield broken("RepeatsTheFirst", read=_read(is_earlier=lambda event, end: event.id <= end))
    yield broken("IgnoresTheEnd", read=_read(is_earlier=lambda _event, _end: True))
    yield broken("IgnoresThePosition", read=_read(is_later=lambda _event, _after: True))
    yield broken("BeginsWithTheOldest", read=_read(cut=lambda rows, limit, _: rows[:limit]))
    yield broken("GoesOnWithTheNewest", read=_read(cut=lambda rows, limit, _: rows[-limit:]))
    yield broken("HasNoLimit", read=_read(cut=lambda rows, _limit, _goes_on: rows))
    yield broken("HasOneTooMany", read=_read(cut=lambda rows, limit, _: rows[-limit - 1 :]))
    yield broken("LimitsBeforeItFilters", read=_read(cuts_first=True))
    for name in FIELDS:
        yield broken(f"Ignores{name.title()}", read=_read(but=(name,)))
    yield broken("IsReadOnce", read=_read_once)
    yield broken("IsWrittenOneByOne", append=_append_one_by_one)
    yield broken("DropsDetail", append=_append_with(lambda event: replace(event, detail={})))
    yield broken(
        "CutsTime",
        append=_append_with(lambda event: replace(event, at=event.at.replace(microsecond=0))),
    )
