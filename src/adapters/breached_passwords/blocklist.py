"""A password blocklist that also knows passwords from breaches."""

from hashlib import sha1

from typing_extensions import override

from latchkey.adapters.breached_passwords.prefix_file import SIZE, PrefixFile
from latchkey.domain.accounts.password import PasswordBlocklist


class BreachedPasswordBlocklist(PasswordBlocklist):
    """Adds the passwords of a file to another list. They are compared exactly, as UTF-8."""

    def __init__(self, common: PasswordBlocklist, breached: PrefixFile) -> None:
        """Ask `common` for common passwords, and `breached` for those from breaches."""
        self._common = common
        self._breached = breached

    @override
    def contains(self, password: str) -> bool:
        return self._common.contains(password)

    @override
    def was_breached(self, password: str) -> bool:
        digest = sha1(password.encode(), usedforsecurity=False).digest()  # as lists have them
        return digest[:SIZE] in self._breached or self._common.was_breached(password)
