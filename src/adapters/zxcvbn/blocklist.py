"""A password blocklist from zxcvbn's frequency list."""

from collections.abc import Collection, Iterator
from functools import cached_property
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec

from typing_extensions import override

from latchkey.domain.accounts.password import PasswordBlocklist


class ZxcvbnPasswordBlocklist(PasswordBlocklist):
    """Contains zxcvbn's 30,000 most common passwords, and the service's own words.

    The list is read on first use (about 15 ms) and then kept (4 MiB).

    Source: Wheeler, zxcvbn: Low-Budget Password Strength Estimation, USENIX Security 2016.
    """

    def __init__(self, service_words: Collection[str] = ("latchkey",)) -> None:
        """Create a blocklist.

        Args:
            service_words: Words that are easy to guess for this service, in any case.
        """
        self._service_words = service_words

    @override
    def contains(self, password: str) -> bool:
        return password.casefold() in self._words

    @cached_property
    def _words(self) -> frozenset[str]:
        own = (word.casefold() for word in self._service_words)
        [passwords] = frequency_lists("passwords")
        return frozenset(passwords).union(own)


def frequency_lists(*names: str) -> Iterator[list[str]]:
    """Yield some of zxcvbn's lists, such as `passwords` and `english_wikipedia`.

    Loads the file of lists only: importing the package would index all of them (19 MiB, 65 ms).

    Raises:
        KeyError: There is no list of this name.
    """
    package = find_spec("zxcvbn")
    locations = package.submodule_search_locations if package else None
    lists = PathFinder.find_spec("frequency_lists", locations)
    if lists is None or lists.loader is None:
        raise ModuleNotFoundError("zxcvbn.frequency_lists")
    module = module_from_spec(lists)
    lists.loader.exec_module(module)
    for name in names:
        yield module.FREQUENCY_LISTS[name]
