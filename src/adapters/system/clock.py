"""The time of this machine."""

from datetime import UTC, datetime

from typing_extensions import override

from latchkey.domain.kernel.clock import Clock


class SystemClock(Clock):
    """Asks the operating system; fit for one machine, or for machines kept in step."""

    @override
    def now(self) -> datetime:
        return datetime.now(UTC)
