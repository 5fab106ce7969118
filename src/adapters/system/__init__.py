"""The operating system's clock."""

from latchkey.adapters.system.clock import SystemClock

__all__ = ["SystemClock"]
