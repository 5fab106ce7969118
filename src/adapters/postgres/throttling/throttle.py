"""Counts of attempts to log in, in PostgreSQL, shared by all replicas.

A count is one row: its key, and the instant at which all that was counted will be forgotten. The
row of an account from one address also says whether a login from there ever succeeded.

Keys are hashes of what they stand for, cut to 128 bits: short and of one length, however long the
text that somebody types as an e-mail address, and nothing that is typed there by mistake, such as
a password, is kept. Whoever finds two texts of one hash, after some 2^64 tries, only makes them
share a count.
"""

from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

from typing_extensions import override

from latchkey.adapters.postgres.engine.access import Access
from latchkey.adapters.postgres.throttling.statements import PRUNE, absolution, admission
from latchkey.domain.throttling.rate import Rate
from latchkey.domain.throttling.throttle import STRANGERS_SHARE, LoginLimits, LoginThrottle

KNOWN_FOR: Final = timedelta(days=400)
"""How long an address stays known at an account at which nobody has logged in from it since."""

_KEY_BYTES: Final = 16


class PostgresLoginThrottle(LoginThrottle):
    """Counts in one statement, which locks the rows that it counts in."""

    def __init__(self, access: Access, limits: LoginLimits) -> None:
        """Keep counts in the table `login_attempts`."""
        self._access = access
        self._rates = _rates(limits)
        self._admission = admission(self._rates) if self._rates else None
        self._absolution = absolution(
            in_address=limits.address is not None, in_strangers=limits.account is not None
        )

    @override
    async def admit(self, account: str, address: str, now: datetime) -> timedelta | None:
        if self._admission is None:
            return None
        values = self._values(account, address, now)
        for count, rate in self._rates.items():
            values[f"{count}_first"] = now + rate.interval
            values[f"{count}_latest"] = now + rate.period - rate.interval
        [row] = await self._access.rows(self._admission, **values)
        for count, rate in self._rates.items():
            if not row[count]:  # what it was before may be older than what it was full with
                return rate.wait(row[f"{count}_until"], now) or rate.interval
        return None

    @override
    async def absolve(self, account: str, address: str, now: datetime) -> None:
        await self._access.rows(self._absolution, **self._values(account, address, now))

    @override
    async def prune(self, now: datetime, *, limit: int) -> int:
        pruned = await self._access.rows(PRUNE, now=now, known_until=now - KNOWN_FOR, limit=limit)
        return len(pruned)

    def _values(self, account: str, address: str, now: datetime) -> dict[str, object]:
        values: dict[str, object] = {
            "now": now,
            "address_key": count_key("address", address),
            "pair_key": count_key("pair", address, account),
            "strangers_key": count_key("strangers", account),
        }
        for count, rate in self._rates.items():
            values[f"{count}_interval"] = rate.interval
        return values


def _rates(limits: LoginLimits) -> dict[str, Rate]:
    rates: dict[str, Rate] = {}
    if limits.address is not None:
        rates["address"] = limits.address
    if limits.account is not None:
        rates["pair"] = limits.account
        rates["strangers"] = limits.account.times(STRANGERS_SHARE)
    return rates


def count_key(count: str, *parts: str) -> bytes:
    """Tell the key of the count of an address, of both as a pair, or of an account."""
    text = "\0".join((count, *parts))
    return blake2b(text.encode(errors="surrogatepass"), digest_size=_KEY_BYTES).digest()
