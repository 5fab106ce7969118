"""All ports kept in the memory of one process: the reference that other adapters are held to."""

from latchkey.adapters.memory.storage import MemoryStorage

__all__ = ["MemoryStorage"]
