"""The port that stores audit events."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from latchkey.domain.accounts.user import UserId
from latchkey.domain.audit.event import AuditAction, AuditEvent
from latchkey.domain.sessions.session_id import SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Filter for audit events; None matches anything.

    Attributes:
        after: Matches events with a greater id, which come later in the log.
        before: Matches events with a smaller id, which come earlier in the log.
    """

    after: UUID | None = None
    before: UUID | None = None
    action: AuditAction | None = None
    user_id: UserId | None = None
    session_id: SessionId | None = None
    request_id: str | None = None


class AuditLog(ABC):
    """Stores audit events. Offers no way to change or delete one."""

    @abstractmethod
    async def append(self, *events: AuditEvent) -> None:
        """Store events, all of them or none."""

    @abstractmethod
    async def read(self, wanted: AuditFilter, *, limit: int) -> tuple[AuditEvent, ...]:
        """Return matching events in ascending order of their ids.

        Args:
            wanted: The filter. With `after`, the oldest matching events are returned; without
                it, the newest.
            limit: The maximum number of events, >= 1.
        """

    @abstractmethod
    async def logins(self, session_ids: Collection[SessionId]) -> Mapping[SessionId, AuditEvent]:
        """Return the event `login_succeeded` of each of these sessions that has one."""
