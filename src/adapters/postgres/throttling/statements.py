"""The statements of the throttle.

Each locks its rows in the order of `domain.throttle` (address; account from this address; account
from all strange addresses), so that two of them never wait for each other. A step that looks at
what another has changed runs after it, in whatever order they are written.
"""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import (
    CTE,
    BindParameter,
    ColumnElement,
    Interval,
    Label,
    Update,
    bindparam,
    delete,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from latchkey.adapters.postgres.engine.statement import COMMIT_LATER, PRUNES_ALONE, Statement
from latchkey.adapters.postgres.throttling.tables import login_attempts

_key: Final = login_attempts.c.key
_full_until: Final = login_attempts.c.full_until
_is_known: Final = login_attempts.c.is_known

_says_nothing = or_(
    (_full_until <= bindparam("now")) & ~_is_known, _full_until <= bindparam("known_until")
)
_doomed = (
    select(_key)
    .where(PRUNES_ALONE, _says_nothing)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
    .cte("doomed")  # as a subquery it might be run again for each row
)
PRUNE: Final = Statement(
    delete(login_attempts).where(_key.in_(select(_doomed.c.key))).returning(_key)
)


def admission(counts: Iterable[str]) -> Statement:
    """Count an attempt in one count after the other, until one is full.

    A count is passed if there was room, or if the one before it knows the address. Parameters are
    `now` and, for each count, `…_key`, `…_first` (when one attempt alone will be forgotten),
    `…_interval` and `…_latest` (the last instant that leaves room for one more). Gives for each
    whether it was passed, and as `…_until` what it was before.
    """
    passed: list[Label[bool]] = []
    before: list[Label[object]] = []
    previous: CTE | None = None
    for count in counts:
        step = _attempt(count, previous)
        passed.append((exists(step.select()) | _knows(previous)).label(count))
        before.append(_before(count).label(f"{count}_until"))
        previous = step
    return Statement(select(*passed, *before, COMMIT_LATER))


def absolution(*, in_address: bool, in_strangers: bool) -> Statement:
    """Take back what an attempt counted, and know its address at the account.

    Parameters are `now`, `pair_key`, and `…_key` and `…_interval` of the other counts. What the
    pair has counted goes; the strangers counted the attempt only if the address was not known.
    """
    steps: list[CTE] = []
    if in_address:
        steps.append(_take_back("address").cte("address"))
    steps.append(_know(after=steps))
    if in_strangers:
        was_known = select(_key).where(_key == _parameter("pair_key"), _is_known)
        taken_back = _take_back("strangers").where(~exists(was_known), _is_done(steps[-1]))
        steps.append(taken_back.cte("strangers"))
    return Statement(select(COMMIT_LATER).add_cte(*steps))


def _attempt(count: str, previous: CTE | None) -> CTE:
    goes_on = true() if previous is None else exists(previous.select().where(~previous.c.is_known))
    first = select(_parameter(f"{count}_key"), _instant(f"{count}_first"), false()).where(goes_on)
    counted = func.greatest(_full_until, _instant("now")) + _interval(count)
    return (
        insert(login_attempts)
        .from_select([_key, _full_until, _is_known], first)
        .on_conflict_do_update(
            index_elements=[_key],
            set_={"full_until": counted},
            where=_full_until <= _instant(f"{count}_latest"),
        )
        .returning(_is_known)
        .cte(count)
    )


def _knows(step: CTE | None) -> ColumnElement[bool]:
    return false() if step is None else exists(step.select().where(step.c.is_known))


def _before(count: str) -> ColumnElement[object]:
    return select(_full_until).where(_key == _parameter(f"{count}_key")).scalar_subquery()


def _take_back(count: str) -> Update:
    return (
        update(login_attempts)
        .where(_key == _parameter(f"{count}_key"))
        .values(full_until=_full_until - _interval(count))
        .returning(literal_column("1"))
    )


def _know(after: list[CTE]) -> CTE:
    known = select(_parameter("pair_key"), _instant("now"), true())
    return (
        insert(login_attempts)
        .from_select([_key, _full_until, _is_known], known.where(*map(_is_done, after)))
        .on_conflict_do_update(
            index_elements=[_key], set_={"full_until": _instant("now"), "is_known": true()}
        )
        .returning(literal_column("1"))
        .cte("pair")
    )


def _is_done(step: CTE) -> ColumnElement[bool]:
    count = select(func.count()).select_from(step).scalar_subquery()
    return count >= literal_column("0")


def _parameter(name: str) -> BindParameter[bytes]:
    return bindparam(name, type_=_key.type)


def _instant(name: str) -> BindParameter[object]:
    return bindparam(name, type_=_full_until.type)


def _interval(count: str) -> BindParameter[object]:
    return bindparam(f"{count}_interval", type_=Interval())
