"""Keeps mails in files instead of sending them: for development."""

from latchkey.adapters.mailbox.mailbox import FileMailbox

__all__ = ["FileMailbox"]
