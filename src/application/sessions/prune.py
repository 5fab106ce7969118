"""Delete what is no longer needed: sessions, counts, failed mails, links, remembered devices."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from latchkey.domain.factors.remembered_device import RememberedDeviceRepository
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.links.link import LinkRepository
from latchkey.domain.mail.outbox import Outbox
from latchkey.domain.sessions.session import SessionPolicy, SessionRepository
from latchkey.domain.sessions.session_id import SessionId
from latchkey.domain.throttling.throttle import Throttle

BATCH: Final = 1_000  # rows in one transaction, so that locks are short


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """How many rows were deleted."""

    sessions: int = 0
    attempts: int = 0
    mails: int = 0
    links: int = 0
    devices: int = 0


def _report_nothing(_pruned: Pruned) -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Prune:
    """Delete old sessions, counts, mails that were given up, links and devices, in small batches.

    A session is kept for `retention` after its absolute expiry, so that a client that still holds
    one of its tokens learns why it has ended. After that, the reason is always `expired`.

    Attributes:
        link_lifetime: How long a link is kept after it was asked for: at least as long as it is
            good, timedelta > 0.
    """

    sessions: SessionRepository
    throttle: Throttle
    outbox: Outbox
    links: LinkRepository
    devices: RememberedDeviceRepository
    clock: Clock
    policy: SessionPolicy
    retention: timedelta
    mail_retention: timedelta
    link_lifetime: timedelta

    async def __call__(self, report: Callable[[Pruned], None] = _report_nothing) -> Pruned:
        """Prune until nothing is left, or until another process prunes.

        Args:
            report: Called after each batch with the rows deleted so far.

        Raises:
            StorageUnavailableError: The storage failed. Earlier batches stay deleted.
        """
        pruned = Pruned()
        born_before = self.clock.now() - self.policy.absolute - self.retention
        last: SessionId | None = None
        while ids := await self.sessions.prune(born_before, limit=BATCH, after=last):
            last = ids[-1]
            pruned = replace(pruned, sessions=pruned.sessions + len(ids))
            report(pruned)
        while batch := await self.throttle.prune(self.clock.now(), limit=BATCH):
            pruned = replace(pruned, attempts=pruned.attempts + batch)
            report(pruned)
        written_before = self.clock.now() - self.mail_retention
        while batch := await self.outbox.prune(written_before, limit=BATCH):
            pruned = replace(pruned, mails=pruned.mails + batch)
            report(pruned)
        asked_before = self.clock.now() - self.link_lifetime
        while batch := await self.links.prune(asked_before, limit=BATCH):
            pruned = replace(pruned, links=pruned.links + batch)
            report(pruned)
        while batch := await self.devices.prune(self.clock.now(), limit=BATCH):
            pruned = replace(pruned, devices=pruned.devices + batch)
            report(pruned)
        return pruned
