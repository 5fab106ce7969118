"""Users of whom the last administrator is lost, or who are not found by their identifiers."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from latchkey.adapters.memory.tables import Tables
from latchkey.domain.accounts.errors import LastAdminError
from latchkey.domain.accounts.user import Role
from unit.testing.broken.accounts import USERS
from unit.testing.broken.fault import Decision, Fault, step

Method = Callable[..., Any]


def _reduced(
    change: Callable[..., Any],
    *,
    counts: Callable[[Any], bool] = lambda user: user.role is Role.ADMIN and not user.is_disabled,
    protects: Callable[[Any], bool] = lambda user: user.role is Role.ADMIN and not user.is_disabled,
    races: bool = False,
) -> Method:
    """Change a user, and keep an administrator, but not rightly."""

    async def method(self: Any, user_id: Any, *given: Any) -> Any:
        def decide(tables: Tables) -> Decision:
            account = tables.accounts.get(user_id)
            if account is None:
                return None, []
            user = change(account.user, *given)
            others = (each.user for each in tables.accounts.rows() if each.user.id != user_id)
            is_reduced = protects(account.user) and not protects(user)
            if is_reduced and not any(map(counts, others)):
                return LastAdminError, []
            return user, [("accounts", user_id, replace(account, user=user))]

        outcome = await step(self, decide, races=races)
        if outcome is LastAdminError:
            raise LastAdminError
        return outcome

    return method


def faults() -> Iterator[Fault]:
    """Break what keeps an administrator."""

    def broken(name: str, **how: Any) -> Iterator[Fault]:
        changes: dict[str, Callable[..., Any]] = {
            "set_role": lambda user, role: replace(user, role=role),
            "disable": lambda user, at: replace(user, disabled_at=user.disabled_at or at),
        }
        for method, change in changes.items():
            yield Fault.of(
                f"LastAdmin{name}By{method.title()}",
                *USERS,
                "admin",
                **{method: _reduced(change, **how)},
            )

    yield from broken("IsNotKept", protects=lambda _: False)
    yield from broken("CountsTheDisabled", counts=lambda user: user.role is Role.ADMIN)
    yield from broken("CountsUsers", counts=lambda user: not user.is_disabled)
    yield from broken("CountsNobody", counts=lambda _: False)
    yield from broken("Races", races=True)
    yield Fault.of("UsersAreFoundByAnyIdentifier", *USERS, "identifier", find=_find_anybody)
    yield Fault.of("UsersAreNotFound", *USERS, "identifier", find=_find_nobody)


async def _find_anybody(self: Any, _: Any) -> Any:
    tables = await self._access.read()
    return next((account.user for account in tables.accounts.rows()), None)


async def _find_nobody(self: Any, _: Any) -> Any:
    await self._access.read()
