"""All ports kept in the memory of one process: the reference that other adapters are held to."""

from adapters.memory.adapters import MemoryAdapters

__all__ = ["MemoryAdapters"]
