"""Sessions that begin, rotate and end when they must not, or not as they must."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from operator import attrgetter
from typing import Any, Final

from latchkey.adapters.memory.sessions.sessions import MemorySessionRepository
from latchkey.adapters.memory.tables import Tables
from latchkey.domain.kernel.identifier import first_id_of
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.session import EndedSession, UserSession
from latchkey.testing.ports import SessionRepositorySuite
from unit.testing.broken.fault import Decision, Fault, step

Test = Callable[..., bool]
BORN: Final = attrgetter("id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Adding:
    """How a session is added: rightly, but for what is given."""

    version: Test = lambda kept, given: kept == given
    user: Test = lambda user: not user.is_disabled
    races: bool = False

    def method(self) -> Callable[..., Any]:
        async def add(repository: Any, session: Any, *, password_version: int) -> Any:
            def decide(tables: Tables) -> Decision:
                account = tables.accounts.get(session.user_id)
                if account is None or not self.user(account.user):
                    return False, []
                if not self.version(account.password_version, password_version):
                    return False, []
                return True, [("sessions", session.id, session)]

            return await step(repository, decide, races=self.races)

        return add


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How sessions end, one or all: rightly, but for what is given."""

    is_whose: Test = lambda session, user_id: session.user_id == user_id
    lives: Test = lambda session: session.end_reason is None
    limited: bool = True
    races: bool = False

    def method(self) -> Callable[..., Any]:
        async def end_all(repository: Any, user_id: Any, reason: Any, *, limit: Any = None) -> Any:
            def decide(tables: Tables) -> Decision:
                rows = sorted(tables.sessions.rows(), key=BORN)
                own = [row for row in rows if self.is_whose(row, user_id) and self.lives(row)]
                ended = own[: limit if self.limited else None][::-1]
                return tuple(row.id for row in ended), _with_reason(ended, reason)

            return await step(repository, decide, races=self.races)

        return end_all


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacing:
    """How a login ends sessions: rightly, but for what is given."""

    is_whose: Test = lambda session, user_id: session.user_id == user_id
    is_its: Test = lambda session, token: bool(session.secret_hash == token.secret_hash)
    lives: Test = lambda session: session.end_reason is None
    order: Callable[[Any], Any] = attrgetter("rotated_at", "id")
    idlest_last: bool = True
    counts_presented: bool = False
    kept: Callable[[int], int] = int
    limited: bool = True

    def method(self) -> Callable[..., Any]:
        async def replace(
            repository: Any, user_id: Any, presented: Any, *, keep: int, limit: int
        ) -> Any:
            def decide(tables: Tables) -> Decision:
                rows = sorted(tables.sessions.rows(), key=self.order, reverse=self.idlest_last)
                alive = [row for row in rows if self.lives(row)]
                carried = [row for row in alive if any(self.is_its(row, it) for it in presented)]
                own = [row for row in alive if self.is_whose(row, user_id)]
                others = own if self.counts_presented else [it for it in own if it not in carried]
                beyond = others[self.kept(keep) :][-limit if self.limited else 0 :]
                ended = {row.id: row for row in carried + beyond}
                found = tuple(EndedSession(ended[each].user_id, each) for each in sorted(ended))
                return found[::-1], _with_reason(ended.values(), EndReason.REPLACED)

            return await step(repository, decide)

        return replace


def _with_reason(rows: Iterable[Any], reason: Any) -> list[tuple[str, Any, Any]]:
    return [("sessions", row.id, replace(row, end_reason=reason)) for row in rows]


def _is_named(row: Any, presented: Any) -> bool:
    return bool(row.id == presented.session_id)


def _ended(is_its: Test, *, ends: Test = _is_named, races: bool = False) -> Callable[..., Any]:
    async def end(self: Any, presented: Any, reason: Any) -> Any:
        def decide(tables: Tables) -> Decision:
            session = tables.sessions.get(presented.session_id)
            if session is None or not is_its(tables, session, presented):
                return None, []
            rows = [row for row in tables.sessions.rows() if ends(row, presented)]
            return session.user_id, _with_reason(rows, reason)

        return await step(self, decide, races=races)

    return end


def _knows(session: Any, presented: Any) -> bool:
    return bool(session.secret_hash == presented.secret_hash)


def _pruned(
    *,
    order: Any = BORN,
    is_old: Test = lambda row, first_kept: row.id < first_kept,
    newest_first: bool = False,
    limited: bool = True,
    inclusive: bool = False,
    races: bool = False,
) -> Callable[..., Any]:
    async def prune(self: Any, born_before: Any, *, limit: int) -> Any:
        first_kept = first_id_of(born_before + timedelta(milliseconds=1 if inclusive else 0))

        def decide(tables: Tables) -> Decision:
            old = [row for row in tables.sessions.rows() if is_old(row, first_kept)]
            rows = sorted(old, key=order, reverse=newest_first)[: limit if limited else None]
            return len(rows), [("sessions", row.id, None) for row in rows]

        return await step(self, decide, races=races)

    return prune


async def _find_with_the_user_of_then(self: Any, session_id: Any) -> Any:
    tables = await self._access.read()
    session = tables.sessions.get(session_id)
    if session is None:
        return None
    user = replace(tables.accounts.get(session.user_id).user, disabled_at=None)
    return UserSession(session=session, user=user)


def _additions() -> Iterator[tuple[str, Any]]:
    yield "IgnoreTheVersion", Adding(version=lambda _kept, _given: True)
    yield "TakeLaterVersions", Adding(version=lambda kept, given: given >= kept)
    yield "TakeEarlierVersions", Adding(version=lambda kept, given: given <= kept)
    yield "AreOfDisabledUsersToo", Adding(user=lambda _: True)
    yield "Race", Adding(races=True)


def _ends() -> Iterator[tuple[str, Any]]:
    yield "IgnoreTheUser", Ending(is_whose=lambda _session, _user_id: True)
    yield "EndWhatHasEnded", Ending(lives=lambda _: True)
    yield "HaveNoLimit", Ending(limited=False)
    yield "Race", Ending(races=True)


def _replacements() -> Iterator[tuple[str, Any]]:
    yield "IgnoreTheUser", Replacing(is_whose=lambda _session, _user_id: True)
    yield "EndWhatHasEnded", Replacing(lives=lambda _: True)
    yield "KeepOneMore", Replacing(kept=lambda keep: keep + 1)
    yield "KeepOneLess", Replacing(kept=lambda keep: keep - 1)
    yield "KeepTheIdlest", Replacing(idlest_last=False)
    yield "KeepTheNewest", Replacing(order=BORN)
    yield "HaveNoLimit", Replacing(limited=False)
    yield "CountThePresented", Replacing(counts_presented=True)
    yield "IgnoreThePresented", Replacing(is_its=lambda _session, _token: False)
    yield "IgnoreTheSecret", Replacing(is_its=_is_named)
    yield (
        "NeedTheCurrentToken",
        Replacing(
            is_its=lambda row, token: _knows(row, token) and row.generation == token.generation
        ),
    )


def _single_ends() -> Iterator[tuple[str, Any]]:
    yield "IgnoresTheSecret", _ended(lambda _tables, session, _: session.end_reason is None)
    yield "IsRepeated", _ended(lambda _, session, presented: _knows(session, presented))
    yield (
        "NeedsTheCurrentToken",
        _ended(
            lambda _, session, presented: (
                _knows(session, presented)
                and session.end_reason is None
                and session.generation == presented.generation
            )
        ),
    )
    yield (
        "NeedsAnEnabledUser",
        _ended(
            lambda tables, session, presented: (
                _knows(session, presented)
                and session.end_reason is None
                and not tables.accounts.get(session.user_id).user.is_disabled
            )
        ),
    )
    yield (
        "IsThatOfAll",
        _ended(
            lambda _, session, presented: _knows(session, presented) and session.end_reason is None,
            ends=lambda _row, _presented: True,
        ),
    )


def _prunes() -> Iterator[tuple[str, Any]]:
    yield "TakesTheNewest", _pruned(newest_first=True)
    yield "HasNoLimit", _pruned(limited=False)
    yield "CountsTwice", _pruned(races=True)
    yield "TakesThoseOfTheInstant", _pruned(inclusive=True)
    yield (
        "GoesByRotation",
        _pruned(is_old=lambda row, first_kept: first_id_of(row.rotated_at) < first_kept),
    )


def faults() -> Iterator[Fault]:
    """Break the repository of sessions."""

    def broken(name: str, about: str, **methods: Callable[..., Any]) -> Fault:
        return Fault.of(name, SessionRepositorySuite, MemorySessionRepository, about, **methods)

    yield broken("SessionsForgetDisables", "found", find=_find_with_the_user_of_then)
    for name, adding in _additions():
        yield broken(f"Additions{name}", "added|login", add=adding.method())
    for name, ending in _ends():
        yield broken(f"EndsOfAll{name}", "all|ended|oldest", end_all=ending.method())
    for name, replacing in _replacements():
        yield broken(f"Replacements{name}", "replace", replace=replacing.method())
    for name, end in _single_ends():
        yield broken(f"TheEnd{name}", "end", end=end)
    for name, prune in _prunes():
        yield broken(f"Pruning{name}", "prune|deleted|old", prune=prune)
