"""The mailbox of development over HTTP."""
