"""What the operating system offers."""

from latchkey.adapters.system.clock import SystemClock

__all__ = ["SystemClock"]
