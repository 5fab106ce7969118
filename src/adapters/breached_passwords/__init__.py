"""Passwords from breaches, in a file that an operator has made."""

from latchkey.adapters.breached_passwords.blocklist import BreachedPasswordBlocklist
from latchkey.adapters.breached_passwords.prefix_file import (
    BreachedPasswordsError,
    PrefixFile,
    write,
)

__all__ = ["BreachedPasswordBlocklist", "BreachedPasswordsError", "PrefixFile", "write"]
