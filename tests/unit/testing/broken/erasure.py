"""Users who are erased in part, twice, or though they are the last administrators."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from latchkey.adapters.memory.accounts.erasure import MemoryUserErasure
from latchkey.domain.accounts.erasure import NO_PASSWORD_HASH
from latchkey.domain.accounts.errors import LastAdminError
from latchkey.testing.ports import UserErasureSuite
from unit.testing.broken.fault import Fault, step

Method = Callable[..., Any]


def _erased(account: Any, at: Any) -> Any:
    return replace(
        account,
        user=account.user.erased(at),
        password_hash=NO_PASSWORD_HASH,
        password_version=account.password_version + 1,
    )


def _erase(
    change: Callable[[Any, Any], Any] = _erased,
    *,
    is_admin: Callable[[Any], bool] = lambda user: (
        user.role == "ADMIN" and not user.is_disabled and not user.is_erased
    ),
    checks: bool = True,
    again: bool = False,
    frees: bool = True,
    races: bool = False,
) -> Method:
    async def erase(self: Any, user_id: Any, at: Any) -> Any:
        def decide(tables: Any) -> Any:
            account = tables.accounts.get(user_id)
            if account is None or (account.user.is_erased and not again):
                return False, []
            users = [each.user for each in tables.accounts.rows() if each.user.id != user_id]
            if checks and is_admin(account.user) and not any(is_admin(user) for user in users):
                raise LastAdminError
            rows = [("accounts", user_id, change(account, at))]
            if frees:
                rows.append(("emails", account.user.email.canonical, None))
            return True, rows

        return await step(self, decide, races=races)

    return erase


def _keeping(**kept: Callable[[Any], Any]) -> Method:
    """Erase all but some members of the account, each computed from that of before."""

    def change(account: Any, at: Any) -> Any:
        values = {name: keep(account) for name, keep in kept.items()}
        return replace(_erased(account, at), **values)

    return _erase(change)


def _with_user(**members: Callable[[Any], Any]) -> Method:
    def change(account: Any, at: Any) -> Any:
        erased = _erased(account, at)
        values = {name: keep(account.user) for name, keep in members.items()}
        return replace(erased, user=replace(erased.user, **values))

    return _erase(change)


def _disabled_now(account: Any, at: Any) -> Any:
    return _erased(replace(account, user=replace(account.user, disabled_at=None)), at)


def faults() -> Iterator[Fault]:
    """Break the erasure of users."""

    def broken(name: str, **methods: Method) -> Fault:
        return Fault.of(f"Erasure{name}", UserErasureSuite, MemoryUserErasure, **methods)

    yield broken("KeepsTheName", erase=_with_user(name=lambda user: user.name))
    yield broken("KeepsTheAddress", erase=_with_user(email=lambda user: user.email))
    yield broken("KeepsTheHash", erase=_keeping(password_hash=lambda each: each.password_hash))
    yield broken("KeepsTheVersion", erase=_keeping(password_version=lambda _: 1))
    yield broken("DisablesAgain", erase=_erase(_disabled_now))
    yield broken("OccupiesTheAddress", erase=_erase(frees=False))
    yield broken("HappensTwice", erase=_erase(again=True))
    yield broken("HappensInARace", erase=_erase(races=True))
    yield broken("SparesNoAdministrator", erase=_erase(checks=False))
    yield broken("CountsTheDisabled", erase=_erase(is_admin=lambda user: user.role == "ADMIN"))
    yield broken("CountsUsers", erase=_erase(is_admin=lambda user: not user.is_disabled))
