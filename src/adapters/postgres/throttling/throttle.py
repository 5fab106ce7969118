"""Counts of hits in PostgreSQL, shared by all replicas.

A count is one row, and so is an exemption: a key, and the instant at which the row expires.

Keys are hashes of what they stand for, cut to 128 bits: short and of one length, however long the
text that a client types as an account. Nothing that is typed there by mistake, such as a password,
is stored. An attacker who finds two texts with the same hash, after some 2^64 tries, only makes
them share a count.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

from typing_extensions import override

from latchkey.adapters.postgres.engine.access import Access
from latchkey.adapters.postgres.throttling.statements import PRUNE, TAKE_BACK, hit
from latchkey.domain.throttling.throttle import Admission, Count, Exemption, Throttle

_KEY_BYTES: Final = 16


class PostgresThrottle(Throttle):
    """Makes each step one statement."""

    def __init__(self, access: Access) -> None:
        """Keep counts in the table `throttle_counts`."""
        self._access = access

    @override
    async def admit(self, *counts: Count, now: datetime) -> Admission:
        if not counts:
            return Admission(wait=None, is_exempt=False)
        [row] = await self._access.rows(
            hit(len(counts)),
            now=now,
            keys=[key_of(count) for count in counts],
            costs=[count.rate.interval for count in counts],
            latest=[now + count.rate.period - count.rate.interval for count in counts],
            exemptions=[_exemption_of(count) for count in counts],
        )
        is_exempt = row["given"] < len(counts)
        if row["number"] is None:
            return Admission(wait=None, is_exempt=is_exempt)
        rate = counts[int(row["number"]) - 1].rate
        wait = rate.wait(row["expires_at"], now) or rate.interval  # filled since we looked
        return Admission(wait=wait, is_exempt=is_exempt)

    @override
    async def refund(self, *counts: Count, now: datetime) -> None:
        refunds = [count.rate.interval for count in counts]
        await self._take_back(counts, refunds, now)

    @override
    async def clear(self, *counts: Count, now: datetime, grant: Exemption | None = None) -> None:
        refunds = [count.rate.interval if count.is_shared else None for count in counts]
        await self._take_back(counts, refunds, now, () if grant is None else (grant,))

    @override
    async def prune(self, now: datetime, *, limit: int) -> int:
        return len(await self._access.rows(PRUNE, now=now, limit=limit))

    async def _take_back(
        self,
        counts: Sequence[Count],
        refunds: Sequence[timedelta | None],
        now: datetime,
        grants: Sequence[Exemption] = (),
    ) -> None:
        await self._access.rows(
            TAKE_BACK,
            now=now,
            keys=[*map(key_of, counts), *map(key_of, grants)],
            refunds=[*refunds, *(None for _ in grants)],
            expiries=[*(now for _ in counts), *(now + grant.lifetime for grant in grants)],
            exemptions=[*(_exemption_of(count) for count in counts), *(None for _ in grants)],
        )


def key_of(entry: Count | Exemption) -> bytes:
    """Return the key of a count or an exemption."""
    kind = "count" if isinstance(entry, Count) else "exemption"
    texts = (kind, entry.purpose, *entry.parts)
    unambiguous = "".join(f"{len(text)}:{text}" for text in texts)
    return blake2b(unambiguous.encode(errors="surrogatepass"), digest_size=_KEY_BYTES).digest()


def _exemption_of(count: Count) -> bytes | None:
    return None if count.exemption is None else key_of(count.exemption)
