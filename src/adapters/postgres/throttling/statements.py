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
_EXEMPTIONS: Final = bindparam("exemptions", type_=ARRAY(LargeBinary()))
_COSTS: Final = bindparam("costs", type_=ARRAY(Interval()))
_LATEST: Final = bindparam("latest", type_=ARRAY(_INSTANT))
_REFUNDS: Final = bindparam("refunds", type_=ARRAY(Interval()))
_EXPIRIES: Final = bindparam("expiries", type_=ARRAY(_INSTANT))

# {steps} are the hits, each with a name of its own; {hits} are all of them together.
_HIT: Final = """
WITH
-- The counts in their order, without those whose exemption is in force. A hit makes a count
-- expire later by `cost`. There is room for it if the count expires at `latest` or earlier.
given AS (
    SELECT row_number() OVER (ORDER BY number) AS turn, number, key, cost, latest
      FROM unnest(:keys, :costs, :latest, :exemptions)
           WITH ORDINALITY AS given (key, cost, latest, exemption, number)
     WHERE coalesce((SELECT expires_at <= :now FROM throttle_counts WHERE key = exemption), TRUE)
),
{steps}
-- One row: the number of the first count that was not hit, and when that count expired before
-- this statement began; or NULL if all were hit. And how many were not exempt.
SELECT given.number,
       (SELECT count(*) FROM given) AS given,
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

_TAKE_BACK: Final = """
WITH
-- As in a hit. `refund` makes a count expire earlier, NULL as early as possible: at `expiry`.
given AS (
    SELECT number, key, refund, expiry
      FROM unnest(:keys, :refunds, :expiries, :exemptions)
           WITH ORDINALITY AS given (key, refund, expiry, exemption, number)
     WHERE coalesce((SELECT expires_at <= :now FROM throttle_counts WHERE key = exemption), TRUE)
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
def hit(counts: int) -> Statement:
    """Return the statement that hits one count after the other, until one is full.

    Args:
        counts: How many there are, >= 1.
    """
    turns = range(1, counts + 1)
    steps = ",".join(_STEP.format(turn=turn, condition=_condition(turn)) for turn in turns)
    hits = " UNION ALL ".join(f"TABLE hit_{turn}" for turn in turns)
    sql = text(_HIT.format(steps=steps, hits=hits))
    return Statement(sql.bindparams(_NOW, _KEYS, _EXEMPTIONS, _COSTS, _LATEST))


def _condition(turn: int) -> str:
    return f"EXISTS (SELECT FROM hit_{turn - 1})" if turn > 1 else "TRUE"


TAKE_BACK: Final = Statement(
    text(_TAKE_BACK).bindparams(_NOW, _KEYS, _EXEMPTIONS, _REFUNDS, _EXPIRIES)
)

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
