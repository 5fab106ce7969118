"""The port that stores audit events; the log only ever grows."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from uuid import UUID

from latchkey.domain.accounts.user import UserId
from latchkey.domain.audit.event import AuditAction, AuditEvent
from latchkey.domain.sessions.session_id import SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which events to read; what is None doesn't matter.

    Attributes:
        after: Only events with a greater id: those that come later in the log.
    """

    after: UUID | None = None
    action: AuditAction | None = None
    user_id: UserId | None = None
    session_id: SessionId | None = None
    request_id: str | None = None


class AuditLog(ABC):
    """Keeps audit events for good."""

    @abstractmethod
    async def append(self, *events: AuditEvent) -> None:
        """Keep events, all of them or none."""

    @abstractmethod
    async def read(self, wanted: AuditFilter, *, limit: int) -> tuple[AuditEvent, ...]:
        """Read events in the order of their ids.

        Args:
            wanted: Which ones. Without `after` the newest `limit` are read.
            limit: At most so many, >= 1.
        """
