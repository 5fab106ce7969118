"""The password blocklist on zxcvbn's frequency list."""

from collections.abc import Collection
from functools import cached_property
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec

from typing_extensions import override

from latchkey.domain.accounts.password import PasswordBlocklist


class ZxcvbnPasswordBlocklist(PasswordBlocklist):
    """Knows the 30,000 most common passwords of zxcvbn, and the service's own words.

    Read on the first question (about 15 ms), then kept: 4 MiB for a process that sets passwords,
    nothing for one that doesn't.

    Source: Wheeler, zxcvbn: Low-Budget Password Strength Estimation, USENIX Security 2016.
    """

    def __init__(self, service_words: Collection[str] = ("latchkey",)) -> None:
        """Add words that are common here, in any case."""
        self._service_words = service_words

    @override
    def contains(self, password: str) -> bool:
        return password.casefold() in self._words

    @cached_property
    def _words(self) -> frozenset[str]:
        own = (word.casefold() for word in self._service_words)
        return frozenset(_common_passwords()).union(own)


def _common_passwords() -> list[str]:
    """Read the list alone: its package would index five others on import, 19 MiB and 65 ms."""
    package = find_spec("zxcvbn")
    locations = package.submodule_search_locations if package else None
    lists = PathFinder.find_spec("frequency_lists", locations)
    if lists is None or lists.loader is None:
        raise ModuleNotFoundError("zxcvbn.frequency_lists")
    module = module_from_spec(lists)
    lists.loader.exec_module(module)
    passwords: list[str] = module.FREQUENCY_LISTS["passwords"]
    return passwords
