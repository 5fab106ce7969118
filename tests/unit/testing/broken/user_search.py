"""Searches that find the wrong users, too many of them, or in another order."""

from collections.abc import Callable, Iterator
from typing import Any

from latchkey.adapters.memory.accounts.search import MemoryUserSearch
from latchkey.domain.accounts.user_search import folded
from latchkey.testing.ports import UserSearchSuite
from unit.testing.broken.fault import Fault


def _search(
    *,
    fold: Callable[[str], str] = folded,
    is_match: Callable[[str, str], bool] = str.startswith,
    is_listed: Callable[[Any], bool] = lambda _: True,
    addresses_first: bool = True,
    sorts: bool = True,
    by_name: bool = True,
    once: bool = True,
    size: Callable[[int], int] = int,
) -> Callable[..., Any]:
    async def beginning(self: Any, text: str, *, limit: int) -> Any:
        tables = await self._access.read()
        users = [each.user for each in tables.accounts.rows() if is_listed(each.user)]
        addressed = [user for user in users if is_match(user.email.canonical, fold(text))]
        named = [user for user in users if by_name and is_match(fold(user.name), fold(text))]
        if sorts:
            addressed.sort(key=lambda user: user.email.canonical)
            named.sort(key=lambda user: (fold(user.name), user.id))
        parts = [*addressed, *named] if addresses_first else [*named, *addressed]
        found = list({user.id: user for user in parts}.values()) if once else parts
        return tuple(found[: size(limit)])

    return beginning


def faults() -> Iterator[Fault]:
    """Break the search for users."""

    def broken(name: str, **how: Any) -> Fault:
        return Fault.of(
            f"Search{name}", UserSearchSuite, MemoryUserSearch, beginning=_search(**how)
        )

    yield broken("FoldsEverything", fold=str.casefold)
    yield broken("FoldsNothing", fold=str)
    yield broken("FindsInside", is_match=str.__contains__)
    yield broken("FindsTheWhole", is_match=str.__eq__)
    yield broken("FindsEnabledUsers", is_listed=lambda user: not user.is_disabled)
    yield broken("FindsNamesFirst", addresses_first=False)
    yield broken("DoesNotSort", sorts=False)
    yield broken("FindsNoNames", by_name=False)
    yield broken("FindsUsersTwice", once=False)
    yield broken("FindsTooMany", size=lambda limit: limit + 1)
