"""Numbers that the processes of one service share."""

from latchkey.adapters.shared_memory.blocks import NoBlockError, SharedBlocks, claim

__all__ = ["NoBlockError", "SharedBlocks", "claim"]
