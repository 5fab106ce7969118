"""Storage in the memory of one process: the reference for other storage adapters."""

from latchkey.adapters.memory.storage import MemoryStorage

__all__ = ["MemoryStorage"]
