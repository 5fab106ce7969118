"""The clock of this machine."""

from datetime import UTC, datetime

from typing_extensions import override

from latchkey.domain.kernel.clock import Clock


class SystemClock(Clock):
    """Uses the operating system's time. Suits one machine, or machines with synchronised clocks."""

    @override
    def now(self) -> datetime:
        return datetime.now(UTC)
