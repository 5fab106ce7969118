"""The statements of the throttle.

Two are written as SQL, because as SQLAlchemy Core they are hard to follow (ADR 0005). Both lock
the rows of their counts in the order in which the counts are given, so they cannot deadlock.
"""

from functools import cache
from typing import Final

from sqlalchemy import ARRAY, DateTime, Interval, LargeBinary, bindparam, delete, select, text

from latchkey.adapters.postgres.engine.statement import PRUNES_ALONE, Statement
from latchkey.adapters.postgres.throttling.tables import throttle_counts

_INSTANT: Final = DateTime(timezone=True)
_NOW: Final = bindparam("now", type_=_INSTANT)
_KEYS: Final = bindparam("keys", type_=ARRAY(LargeBinary()))
_COSTS: Final = bindparam("costs", type_=ARRAY(Interval()))
_ROOMS: Final = bindparam("rooms", type_=ARRAY(Interval()))
_REFUNDS: Final = bindparam("refunds", type_=ARRAY(Interval()))
_EXPIRIES: Final = bindparam("expiries", type_=ARRAY(_INSTANT))

# {steps} are the hits, each with a name of its own; {hits} are all of them together.
_HIT: Final = """
WITH
-- The counts in their order. A hit makes a count expire later by `cost`. There is room for it if
-- the count expires at `latest` or earlier.
given AS (
    SELECT turn, key, cost, :now + room AS latest
      FROM unnest(:keys, :costs, :rooms) WITH ORDINALITY AS given (key, cost, room, turn)
),
{steps}
-- One row: the number of the first count that was not hit, and when that count expired before
-- this statement began; or NULL if all were hit.
SELECT given.turn AS number,
       (SELECT expires_at FROM throttle_counts WHERE key = given.key) AS expires_at,
       set_config('synchronous_commit', 'off', TRUE)
  FROM (SELECT count(*) AS number FROM ({hits}) AS hit) AS hits
  LEFT JOIN given ON given.turn = hits.number + 1
"""

# A row that exists is locked before its instant is read, so no concurrent hit is lost.
_STEP: Final = """
hit_{turn} AS (
    INSERT INTO throttle_counts AS count (key, expires_at)
    SELECT key, :now + cost FROM given WHERE turn = {turn} AND {condition}
    ON CONFLICT (key) DO UPDATE
       SET expires_at = greatest(count.expires_at, :now)
                      + (SELECT cost FROM given WHERE turn = {turn})
     WHERE count.expires_at <= (SELECT latest FROM given WHERE turn = {turn})
    RETURNING key
)"""

# A count of successes is only looked at.
_LOOK: Final = """
hit_{turn} AS (
    SELECT key FROM given
     WHERE turn = {turn} AND {condition}
       AND NOT EXISTS (
           SELECT FROM throttle_counts AS count
            WHERE count.key = given.key AND count.expires_at > given.latest
       )
)"""

_CHANGE: Final = """
WITH
-- A count expires earlier by `refund`, or later if that is negative; if it is NULL, as early as
-- possible: at `expiry`.
given AS (
    SELECT number, key, refund, expiry
      FROM unnest(:keys, :refunds, :expiries)
           WITH ORDINALITY AS given (key, refund, expiry, number)
)
INSERT INTO throttle_counts AS count (key, expires_at)
SELECT key, expiry FROM given ORDER BY number
ON CONFLICT (key) DO UPDATE
   SET expires_at = greatest(  -- ignores NULL
       count.expires_at - (SELECT refund FROM given WHERE given.key = excluded.key),
       excluded.expires_at
   )
RETURNING set_config('synchronous_commit', 'off', TRUE)
"""


@cache
def hit(*is_only_looked_at: bool) -> Statement:
    """Return the statement that hits one count after the other, until one is full.

    Args:
        is_only_looked_at: For each count, of which there is one or more, whether it is not hit.
    """
    turns = range(1, len(is_only_looked_at) + 1)
    steps = ",".join(
        (_LOOK if looks else _STEP).format(turn=turn, condition=_condition(turn))
        for turn, looks in zip(turns, is_only_looked_at, strict=True)
    )
    hits = " UNION ALL ".join(f"TABLE hit_{turn}" for turn in turns)
    sql = text(_HIT.format(steps=steps, hits=hits))
    return Statement(sql.bindparams(_NOW, _KEYS, _COSTS, _ROOMS))


def _condition(turn: int) -> str:
    return f"EXISTS (SELECT FROM hit_{turn - 1})" if turn > 1 else "TRUE"


CHANGE: Final = Statement(text(_CHANGE).bindparams(_KEYS, _REFUNDS, _EXPIRIES))

_expired = (
    select(throttle_counts.c.key)
    .where(PRUNES_ALONE, throttle_counts.c.expires_at <= bindparam("now"))
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
    .cte("expired")  # as a subquery it might be run again for each row
)
PRUNE: Final = Statement(
    delete(throttle_counts)
    .where(throttle_counts.c.key.in_(select(_expired.c.key)))
    .returning(throttle_counts.c.key)
)
