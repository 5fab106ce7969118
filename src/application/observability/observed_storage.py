"""Reports every audit event to an observer, once a storage has stored it durably."""

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import fields

from latchkey.application.observability.observer import Observer, Unobserved
from latchkey.domain.audit.event import AuditEvent
from latchkey.domain.audit.log import AuditFilter, AuditLog
from latchkey.domain.sessions.session_id import SessionId
from latchkey.domain.storage import Storage
from latchkey.domain.unit_of_work import Repositories, UnitOfWork, UnitsOfWork


def observe(storage: Storage, observer: Observer) -> None:
    """Report the storage's audit events to an observer from now on."""
    storage.audit = ObservedAuditLog(storage.audit, observer)
    storage.units = ObservedUnitsOfWork(storage.units, observer)


class ObservedAuditLog(AuditLog):
    """Reports events that are durable as soon as `append` returns."""

    def __init__(self, log: AuditLog, observer: Observer) -> None:
        self._log = log
        self._observer = observer

    async def append(self, *events: AuditEvent) -> None:
        """Store events, then report them."""
        await self._log.append(*events)
        self._observer.audited(*events)

    async def read(self, wanted: AuditFilter, *, limit: int) -> tuple[AuditEvent, ...]:
        """Return what the log has."""
        return await self._log.read(wanted, limit=limit)

    async def logins(self, session_ids: Collection[SessionId]) -> Mapping[SessionId, AuditEvent]:
        """Return what the log has."""
        return await self._log.logins(session_ids)


class ObservedUnitsOfWork(UnitsOfWork):
    """Reports the events of a unit of work after its commit. Without a commit it reports none."""

    def __init__(self, units: UnitsOfWork, observer: Observer) -> None:
        self._units = units
        self._observer = observer

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[UnitOfWork]:
        """Begin a unit of work of the storage."""
        async with self._units.begin() as unit:
            yield _ObservedUnitOfWork(unit, self._observer)


class _ObservedUnitOfWork(UnitOfWork):
    def __init__(self, unit: UnitOfWork, observer: Observer) -> None:
        parts = {each.name: getattr(unit, each.name) for each in fields(Repositories)}
        super().__init__(Repositories(**parts))
        self._unit = unit
        self._observer = observer
        self._pending = _Pending()
        self.audit = ObservedAuditLog(unit.audit, self._pending)

    async def commit(self) -> None:
        await self._unit.commit()
        self._observer.audited(*self._pending.events)


class _Pending(Unobserved):
    """Keeps the events of a transaction until its commit."""

    def __init__(self) -> None:
        self.events: list[AuditEvent] = []

    def audited(self, *events: AuditEvent) -> None:
        self.events.extend(events)
