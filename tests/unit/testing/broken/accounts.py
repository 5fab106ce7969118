"""Users and credentials that are mistaken for others, lost, or changed too much or too little."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

from latchkey.adapters.memory.accounts.password_credentials import (
    MemoryPasswordCredentialRepository,
)
from latchkey.adapters.memory.accounts.users import MemoryUserRepository
from latchkey.adapters.memory.tables import Tables
from latchkey.domain.accounts.errors import AlreadyBootstrappedError, EmailTakenError
from latchkey.domain.accounts.password_credential import PasswordCredential
from latchkey.domain.accounts.user import Role
from latchkey.testing.ports import PasswordCredentialRepositorySuite, UserRepositorySuite
from unit.testing.broken.fault import Decision, Fault, step

USERS: Final = (UserRepositorySuite, MemoryUserRepository)
CREDENTIALS: Final = (PasswordCredentialRepositorySuite, MemoryPasswordCredentialRepository)

Method = Callable[..., Any]


def _found_by(is_same: Callable[[Any, Any], bool]) -> Method:
    async def by_email(self: Any, email: Any) -> Any:
        tables = await self._access.read()
        found = [each.user for each in tables.accounts.rows() if is_same(each.user.email, email)]
        return found[0] if found else None

    return by_email


def _is_like(kept: Any, wanted: Any) -> bool:
    pattern = re.escape(kept.canonical).replace("_", ".")
    return re.fullmatch(pattern, wanted.canonical) is not None


def _addition(user: Any, hashed: Any, *, version: int = 1) -> Decision:
    credential = PasswordCredential(user=user, password_hash=hashed, password_version=version)
    return None, [("emails", user.email.canonical, user.id), ("accounts", user.id, credential)]


def _added(*, version: int = 1, checks: bool = True, races: bool = False) -> Method:
    async def add(self: Any, user: Any, password_hash: Any) -> None:
        def decide(tables: Tables) -> Decision:
            if checks and tables.account_of(user.email) is not None:
                raise EmailTakenError
            return _addition(user, password_hash, version=version)

        await step(self, decide, races=races)

    return add


def _bootstrapped(
    is_refused: Callable[[Any], bool],
    *,
    address_first: bool = False,
    checks_address: bool = True,
    races: bool = False,
) -> Method:
    async def add_first_admin(self: Any, user: Any, password_hash: Any) -> None:
        def decide(tables: Tables) -> Decision:
            is_taken = checks_address and tables.account_of(user.email) is not None
            if is_taken and address_first:
                raise EmailTakenError
            if any(is_refused(account.user) for account in tables.accounts.rows()):
                raise AlreadyBootstrappedError
            if is_taken:
                raise EmailTakenError
            return _addition(user, password_hash)

        await step(self, decide, races=races)

    return add_first_admin


def _user_changed(change: Callable[..., Any]) -> Method:
    async def method(self: Any, user_id: Any, *given: Any) -> Any:
        return await self._change(user_id, lambda user: change(user, *given))

    return method


def _changed_for(is_whose: Callable[..., bool], *, races: bool = False) -> Method:
    async def _change(self: Any, user_id: Any, change: Any) -> Any:
        def decide(tables: Tables) -> Decision:
            own = [each for each in tables.accounts.rows() if is_whose(each, user_id)]
            changed = [replace(each, user=change(each.user)) for each in own]
            return bool(own), [("accounts", each.user.id, each) for each in changed]

        return await step(self, decide, races=races)

    return _change


def _credential_changed(
    change: Callable[..., Any], *, is_whose: Callable[..., bool], races: bool = False
) -> Method:
    async def method(self: Any, user_id: Any, *given: Any, **named: Any) -> Any:
        def decide(tables: Tables) -> Decision:
            rows = tables.accounts.rows()
            own = [each for each in rows if is_whose(each, user_id, *named.values())]
            changed = [change(each, *given, *named.values()) for each in own]
            version = changed[0].password_version if own else None
            result = bool(own) if named else version
            return result, [("accounts", each.user.id, each) for each in changed]

        return await step(self, decide, races=races)

    return method


def _is_own(each: Any, user_id: Any, *_: Any) -> bool:
    return bool(each.user.id == user_id)


def _with_version(step: int) -> Callable[..., Any]:
    return lambda each, new: replace(
        each, password_hash=new, password_version=each.password_version + step
    )


async def _found_if_enabled(self: Any, email: Any) -> Any:
    found = (await self._access.read()).account_of(email)
    return None if found is None or found.user.is_disabled else found


def _user_faults() -> Iterator[Fault]:
    yield Fault.of(
        "UsersAreFoundByText", *USERS, "address", by_email=_found_by(lambda a, b: a.text == b.text)
    )
    yield Fault.of(
        "UsersAreFoundInLowerCase",
        *USERS,
        "address",
        by_email=_found_by(lambda a, b: a.canonical.lower() == b.canonical.lower()),
    )
    yield Fault.of(
        "UsersAreFoundByFoldedCase",
        *USERS,
        "address",
        by_email=_found_by(lambda a, b: a.canonical.casefold() == b.canonical.casefold()),
    )
    yield Fault.of("UsersAreFoundByPattern", *USERS, "address", by_email=_found_by(_is_like))
    yield Fault.of("UsersReplaceEachOther", *USERS, "address", add=_added(checks=False))
    yield Fault.of("UsersRaceForAnAddress", *USERS, "address", add=_added(races=True))


def _bootstrap_faults() -> Iterator[Fault]:
    def broken(name: str, method: Method) -> Fault:
        return Fault.of(f"Bootstrap{name}", *USERS, "admin", add_first_admin=method)

    def is_admin(user: Any) -> bool:
        return user.role is Role.ADMIN

    yield broken("IsAlwaysPossible", _bootstrapped(lambda _: False))
    yield broken("NeedsAnEmptyHouse", _bootstrapped(lambda _: True))
    yield broken(
        "CountsEnabledAdmins",
        _bootstrapped(lambda user: is_admin(user) and not user.is_disabled),
    )
    yield broken("Races", _bootstrapped(is_admin, races=True))
    yield broken("TellsAddressesFirst", _bootstrapped(is_admin, address_first=True))
    yield broken("TakesAnAddressAway", _bootstrapped(is_admin, checks_address=False))


def _change_faults() -> Iterator[Fault]:
    def broken(name: str, **methods: Method) -> Fault:
        return Fault.of(name, *USERS, "change|disable|enable|lost", **methods)

    yield broken("NamesAreNotSet", set_name=_user_changed(lambda user, _: user))

    yield broken("ChangesAreLost", _change=_changed_for(_is_own, races=True))
    yield broken("ChangesAreForEverybody", _change=_changed_for(lambda *_: True))
    yield broken("RolesAreNotSet", set_role=_user_changed(lambda user, _: user))
    yield broken(
        "RolesOnlyRise", set_role=_user_changed(lambda user, _: replace(user, role=Role.ADMIN))
    )
    yield broken(
        "RolesEnable",
        set_role=_user_changed(lambda user, role: replace(user, role=role, disabled_at=None)),
    )
    yield broken(
        "DisablesOverwrite", disable=_user_changed(lambda user, at: replace(user, disabled_at=at))
    )
    yield broken("DisablesAreForgotten", disable=_user_changed(lambda user, _: user))
    yield broken("EnablesAreForgotten", enable=_user_changed(lambda user: user))
    yield broken(
        "EnablesDemote",
        enable=_user_changed(lambda user: replace(user, disabled_at=None, name="")),
    )


def _credential_faults() -> Iterator[Fault]:
    def broken(name: str, **methods: Method) -> Fault:
        return Fault.of(name, *CREDENTIALS, **methods)

    def same_hash(each: Any, _: Any, old: Any, __: Any) -> bool:
        return bool(each.password_hash == old)

    def own_hash(each: Any, user_id: Any, old: Any, new: Any) -> bool:
        return _is_own(each, user_id) and same_hash(each, user_id, old, new)

    def upgrade(each: Any, _: Any, new: Any) -> Any:
        return replace(each, password_hash=new)

    def upgrade_with_version(each: Any, _: Any, new: Any) -> Any:
        return _with_version(1)(each, new)

    changed = _credential_changed
    yield broken("CredentialsLackTheDisabled", by_email=_found_if_enabled)
    yield broken(
        "PasswordsKeepTheVersion", change_password=changed(_with_version(0), is_whose=_is_own)
    )
    yield broken(
        "PasswordsSkipAVersion", change_password=changed(_with_version(2), is_whose=_is_own)
    )
    yield broken(
        "PasswordsOfAll", change_password=changed(_with_version(1), is_whose=lambda *_: True)
    )
    yield broken(
        "PasswordsRace", change_password=changed(_with_version(1), is_whose=_is_own, races=True)
    )
    yield broken("UpgradesDoNotCompare", upgrade_hash=changed(upgrade, is_whose=_is_own))
    yield broken("UpgradesOfEqualHashes", upgrade_hash=changed(upgrade, is_whose=same_hash))
    yield broken("UpgradesRace", upgrade_hash=changed(upgrade, is_whose=own_hash, races=True))
    yield broken("UpgradesCount", upgrade_hash=changed(upgrade_with_version, is_whose=own_hash))
    yield Fault.of(
        "UsersBeginAtVersionZero",
        PasswordCredentialRepositorySuite,
        MemoryUserRepository,
        add=_added(version=0),
    )


def faults() -> Iterator[Fault]:
    """Break the repositories of users and credentials."""
    yield from _user_faults()
    yield from _bootstrap_faults()
    yield from _change_faults()
    yield from _credential_faults()
