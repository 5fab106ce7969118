"""Links of one user that are another's, used or of another kind, and withdrawn in part."""

from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any

from latchkey.adapters.memory.links.links import found_with_users
from latchkey.adapters.memory.links.user_links import MemoryUserLinkRepository
from latchkey.domain.links.link_token import LinkKind
from latchkey.testing.ports import UserLinkRepositorySuite
from unit.testing.broken.fault import Fault, step

Method = Callable[..., Any]


def _is_open_change(
    link: Any,
    user_id: Any,
    *,
    of_all: bool = False,
    kinds: bool = False,
    used: bool = False,
) -> bool:
    is_whose = link.binding is not None and (of_all or link.binding.user_id == user_id)
    is_change = kinds or link.kind is LinkKind.EMAIL_CHANGE
    return is_whose and is_change and (used or link.result_version is None)


def _change_of(choose: Callable[..., Any] = max, **lax: bool) -> Method:
    async def change_of(self: Any, user_id: Any) -> Any:
        tables = await self._access.read()
        rows = [row for row in tables.links.rows() if _is_open_change(row, user_id, **lax)]
        chosen = choose(rows, key=attrgetter("id"), default=None)
        return found_with_users(chosen, tables) if chosen else None

    return change_of


def _withdraw(*, races: bool = False, first: bool = False, **lax: bool) -> Method:
    async def withdraw_changes(self: Any, user_id: Any) -> Any:
        def decide(tables: Any) -> Any:
            rows = [row for row in tables.links.rows() if _is_open_change(row, user_id, **lax)]
            chosen = rows[:1] if first else rows
            return bool(chosen), [("links", row.id, None) for row in chosen]

        return await step(self, decide, races=races)

    return withdraw_changes


def _delete(is_deleted: Callable[[Any, Any], bool]) -> Method:
    async def delete_all(self: Any, user_id: Any) -> None:
        async with self._access.change() as tables:
            for link in [row for row in tables.links.rows() if is_deleted(row, user_id)]:
                tables.links.put(link.id, None)

    return delete_all


def _is_bound_to(link: Any, user_id: Any) -> bool:
    return bool(link.binding is not None and link.binding.user_id == user_id)


async def _withdraw_nothing(self: Any, user_id: Any) -> bool:
    rows = (await self._access.read()).links.rows()
    return any(_is_open_change(row, user_id) for row in rows)


def faults() -> Iterator[Fault]:
    """Break the links of one user."""

    def broken(name: str, **methods: Method) -> Fault:
        owner, suite = MemoryUserLinkRepository, UserLinkRepositorySuite
        return Fault.of(f"UserLinks{name}", suite, owner, **methods)

    yield broken("AreOfAnybody", change_of=_change_of(of_all=True))
    yield broken("AreOfAnyKind", change_of=_change_of(kinds=True))
    yield broken("AreFoundUsed", change_of=_change_of(used=True))
    yield broken("AreTheOldest", change_of=_change_of(min))
    yield broken("AreNotWithdrawn", withdraw_changes=_withdraw_nothing)
    yield broken("AreWithdrawnOneByOne", withdraw_changes=_withdraw(first=True))
    yield broken("OfOthersAreWithdrawn", withdraw_changes=_withdraw(of_all=True))
    yield broken("OfAnyKindAreWithdrawn", withdraw_changes=_withdraw(kinds=True))
    yield broken("AreWithdrawnUsed", withdraw_changes=_withdraw(used=True))
    yield broken("AreWithdrawnInARace", withdraw_changes=_withdraw(races=True))
    yield broken("AreNotDeleted", delete_all=_delete(lambda *_: False))
    yield broken("OfOthersAreDeleted", delete_all=_delete(lambda *_: True))
    yield broken(
        "AreKeptIfUsed",
        delete_all=_delete(
            lambda link, user_id: _is_bound_to(link, user_id) and link.result_version is None
        ),
    )
