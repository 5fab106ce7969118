"""Counts of hits in PostgreSQL, shared by all replicas.

A count is one row: a key, and the instant at which the row expires.

Keys are hashes of what they stand for, cut to 128 bits: short and of one length, however long the
text is that a client types as an account. Nothing that is typed there by mistake, such as a
password, is stored. An attacker who finds two texts with the same hash, after some 2^64 tries, only
makes them share a count.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

from typing_extensions import override

from latchkey.adapters.postgres.engine.access import Access
from latchkey.adapters.postgres.throttling.statements import CHANGE, PRUNE, hit
from latchkey.domain.throttling.rate import Rate
from latchkey.domain.throttling.throttle import Count, Counting, Throttle

_KEY_BYTES: Final = 16
_NONE: Final = timedelta(0)
_REFUNDS: Final[Mapping[Counting, Callable[[Rate], timedelta | None]]] = {
    Counting.OWN: lambda _: None,
    Counting.SHARED: lambda rate: rate.interval,
    Counting.SUCCESSES: lambda rate: -rate.interval,
}
"""What a success takes back from a count of each kind; None for everything."""


class PostgresThrottle(Throttle):
    """Runs each step as one statement."""

    def __init__(self, access: Access) -> None:
        """Keep counts in the table `throttle_counts`."""
        self._access = access

    @override
    async def hit(self, *counts: Count, now: datetime) -> timedelta | None:
        if not counts:
            return None
        [row] = await self._access.rows(
            hit(*(count.counting is Counting.SUCCESSES for count in counts)),
            now=now,
            keys=[key_of(count) for count in counts],
            costs=[count.rate.interval for count in counts],
            rooms=[count.rate.period - count.rate.interval for count in counts],
        )
        if row["number"] is None:
            return None
        rate = counts[int(row["number"]) - 1].rate
        return rate.wait(row["expires_at"], now) or rate.interval  # filled since we looked

    @override
    async def refund(self, *counts: Count, now: datetime) -> None:
        hit_ones = [count for count in counts if count.counting is not Counting.SUCCESSES]
        await self._change(hit_ones, [count.rate.interval for count in hit_ones], now)

    @override
    async def succeed(self, *counts: Count, now: datetime) -> None:
        await self._change(counts, [_REFUNDS[count.counting](count.rate) for count in counts], now)

    @override
    async def prune(self, now: datetime, *, limit: int) -> int:
        return len(await self._access.rows(PRUNE, now=now, limit=limit))

    async def _change(
        self, counts: Sequence[Count], refunds: Sequence[timedelta | None], now: datetime
    ) -> None:
        await self._access.rows(
            CHANGE,
            keys=[key_of(count) for count in counts],
            refunds=refunds,
            expiries=[now - min(refund or _NONE, _NONE) for refund in refunds],
        )


def key_of(count: Count) -> bytes:
    """Return the key of a count."""
    texts = (count.purpose, *count.parts)
    unambiguous = "".join(f"{len(text)}:{text}" for text in texts)
    return blake2b(unambiguous.encode(errors="surrogatepass"), digest_size=_KEY_BYTES).digest()
