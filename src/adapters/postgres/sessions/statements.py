"""The statements of the repository of sessions.

A transaction that locks users and sessions locks the users first.
"""

from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    Select,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from latchkey.adapters.postgres.accounts.rows import USER
from latchkey.adapters.postgres.accounts.tables import users
from latchkey.adapters.postgres.engine.statement import PRUNES_ALONE, Statement, commit_later_if
from latchkey.adapters.postgres.sessions.rows import SESSION
from latchkey.adapters.postgres.sessions.tables import sessions

IS_NOT_ENDED: Final = sessions.c.end_reason.is_(None)

FIND: Final = Statement(
    select(*SESSION, *USER)
    .join_from(sessions, users, users.c.id == sessions.c.user_id)
    .where(sessions.c.id == bindparam("session_id")),
    is_read=True,
)

ADD: Final = Statement(
    insert(sessions)
    .from_select(
        columns := sessions.columns.keys(),
        select(*(bindparam(name, type_=sessions.c[name].type) for name in columns))
        .select_from(users)
        .where(
            users.c.id == bindparam("user_id", type_=users.c.id.type),
            users.c.password_version == bindparam("password_version"),
            users.c.has_second_factor == bindparam("has_second_factor"),
            users.c.disabled_at.is_(None),
        )
        .with_for_update(key_share=True),
    )
    .returning(sessions.c.id)
)
"""Waits for a concurrent change of the user, and depends on its outcome."""

_ROTATION: Final = (
    update(sessions)
    .where(
        sessions.c.id == bindparam("session_id"),
        sessions.c.secret_hash == bindparam("presented_hash"),
        sessions.c.generation == bindparam("current"),
        IS_NOT_ENDED,
        sessions.c.expires_at > bindparam("now"),
        sessions.c.rotated_at > bindparam("idle_since"),
        users.c.id == sessions.c.user_id,
        users.c.disabled_at.is_(None),
    )
    .values(
        generation=bindparam("next"),
        rotated_at=bindparam("now"),
        previously_rotated_at=sessions.c.rotated_at,
    )
    .returning(*SESSION, *USER)
)
ROTATE: Final = Statement(
    _ROTATION.returning(
        commit_later_if(sessions.c.previously_rotated_at < bindparam("settled_before"))
    )
)
"""Returns before the rotation is durable, unless the previous rotation may not be durable yet.

If the server crashes, a fast-forward makes up for one lost rotation. With two lost rotations, the
client's token would look as if it had never been issued.
"""

ROTATE_WITHIN: Final = Statement(_ROTATION)
"""For use in a transaction, whose commit must be durable."""

END: Final = Statement(
    update(sessions)
    .where(
        sessions.c.id == bindparam("session_id"),
        sessions.c.secret_hash == bindparam("presented_hash"),
        IS_NOT_ENDED,
    )
    .values(end_reason=bindparam("reason"))
    .returning(sessions.c.user_id)
)


def ends(chosen: Select[Any]) -> Statement:
    """Return the statement that ends sessions; its rows are their ids and users, newest first.

    All such statements lock sessions in the order of their ids, so they cannot deadlock.

    Args:
        chosen: Selects the ids of sessions that are not ended, in any order.
    """
    locked = chosen.order_by(sessions.c.id).with_for_update().cte("locked")
    ended = (
        update(sessions)
        .where(sessions.c.id.in_(select(locked.c.id)))
        .values(end_reason=bindparam("reason"))
        .returning(sessions.c.id, sessions.c.user_id)
        .cte("ended")
    )
    return Statement(select(ended).order_by(ended.c.id.desc()))


END_ALL: Final = ends(
    select(sessions.c.id)
    .where(sessions.c.user_id == bindparam("user_id"), IS_NOT_ENDED)
    .limit(bindparam("limit"))
)

_tokens = (
    func.unnest(
        bindparam("session_ids", type_=ARRAY(sessions.c.id.type)),
        bindparam("hashes", type_=ARRAY(sessions.c.secret_hash.type)),
    )
    .table_valued("id", "hash", name="token")
    .render_derived()
)
_presented = (
    select(sessions.c.id)
    .where(
        sessions.c.id == _tokens.c.id,
        sessions.c.secret_hash == _tokens.c.hash,
        IS_NOT_ENDED,
    )
    .cte("presented")
)
_beyond = (
    select(sessions.c.id, sessions.c.rotated_at)
    .where(
        sessions.c.user_id == bindparam("user_id"),
        IS_NOT_ENDED,
        sessions.c.id.not_in(select(_presented.c.id)),
    )
    .order_by(sessions.c.rotated_at.desc(), sessions.c.id.desc())
    .offset(bindparam("keep"))
    .cte("beyond")
)
_idlest = (
    select(_beyond.c.id)
    .order_by(_beyond.c.rotated_at, _beyond.c.id)
    .limit(bindparam("limit"))
    .cte("idlest")
)
REPLACE: Final = ends(
    select(sessions.c.id).where(
        sessions.c.id.in_(select(_presented.c.id).union_all(select(_idlest.c.id))), IS_NOT_ENDED
    )
)
"""One statement, and not one for each reason to end: so all sessions are locked in one order."""

_oldest = (
    select(sessions.c.id)
    .where(
        PRUNES_ALONE,
        sessions.c.id > bindparam("after"),
        sessions.c.id < bindparam("first_kept"),
    )
    .order_by(sessions.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
    .cte("oldest")  # a subquery might be evaluated again for each row
)
PRUNE: Final = Statement(
    delete(sessions).where(sessions.c.id.in_(select(_oldest.c.id))).returning(sessions.c.id)
)
"""Uses the primary key: an identifier starts with the millisecond of its creation."""
