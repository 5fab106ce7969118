"""The port that is told what use cases have done, so that operators can count it."""

from abc import ABC, abstractmethod

from latchkey.domain.audit.event import AuditEvent
from latchkey.domain.sessions.judge import Verdict


class Observer(ABC):
    """Is told what was done. It never fails, never waits, and changes nothing."""

    @abstractmethod
    def audited(self, *events: AuditEvent) -> None:
        """Audit events were stored durably."""

    @abstractmethod
    def refreshed(self, verdict: Verdict) -> None:
        """A refresh has succeeded: ROTATE, REPLAY or FAST_FORWARD.

        The usual refresh, ROTATE, leaves no audit event.
        """


class Unobserved(Observer):
    """Counts nothing."""

    def audited(self, *events: AuditEvent) -> None:
        """Do nothing."""

    def refreshed(self, verdict: Verdict) -> None:
        """Do nothing."""
