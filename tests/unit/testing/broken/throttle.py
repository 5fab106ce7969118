"""Throttles that count too much, too little, or for the wrong client."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, Final

from latchkey.adapters.memory.throttling import MemoryLoginThrottle
from latchkey.domain.throttling.throttle import STRANGERS_SHARE
from latchkey.testing.ports import LoginThrottleSuite
from unit.testing.broken.fault import Fault

COUNTS: Final = MemoryLoginThrottle._counts  # noqa: SLF001
ADMIT, ABSOLVE = MemoryLoginThrottle.admit, MemoryLoginThrottle.absolve


def _counted(choose: Callable[[list[Any]], Any]) -> Callable[..., Any]:
    def _counts(self: Any, account: str, address: str) -> Any:
        return choose(list(COUNTS(self, account, address)))

    return _counts


def _of_the_account(count: Any) -> bool:
    return count[0][0] is not None


def _share(counts: list[Any]) -> list[Any]:
    return [
        (
            key,
            rate
            if key[1] is not None
            else type(rate)(count=rate.count // STRANGERS_SHARE, period=rate.period),
        )
        for key, rate in counts
    ]


def _admitted(*, races: bool = False, counts_refusals: bool = False) -> Callable[..., Any]:
    async def admit(self: Any, account: str, address: str, now: Any) -> Any:
        found = list(self._counts(account, address))
        refused = [rate.wait(self._full_until.get(count), now) for count, rate in found]
        longest = max((wait for wait in refused if wait is not None), default=None)
        if races:
            await asyncio.sleep(0)
        if longest is None or counts_refusals:
            self._full_until.update(
                (count, rate.counted(self._full_until.get(count), now)) for count, rate in found
            )
        return longest

    return admit


def _with_account(change: Callable[[str], str]) -> Callable[..., Any]:
    async def admit(self: Any, account: str, address: str, now: Any) -> Any:
        return await ADMIT(self, change(account), address, now)

    return admit


async def _absolve_nothing(self: Any, account: str, address: str, _: Any) -> None:
    self._known.add((account, address))


async def _absolve_strangers(self: Any, account: str, address: str, now: Any) -> None:
    await ABSOLVE(self, account, address, now)
    self._known.discard((account, address))


async def _absolve_everywhere(self: Any, account: str, address: str, now: Any) -> None:
    await ABSOLVE(self, account, address, now)
    for count in [count for count in self._full_until if count[0] == account]:
        del self._full_until[count]


async def _absolve_the_address(self: Any, account: str, address: str, now: Any) -> None:
    await ABSOLVE(self, account, address, now)
    self._full_until.pop((None, address), None)


async def _absolve_without_the_address(self: Any, account: str, address: str, _: Any) -> None:
    self._full_until.pop((account, address), None)
    self._known.add((account, address))


async def _absolve_for_all(self: Any, account: str, address: str, now: Any) -> None:
    await ABSOLVE(self, account, address, now)
    self._known.update((each, address) for each in ("ada@example.org", "bob@example.org"))


def _pruned(ahead: timedelta, *, limited: bool = True, forgets: bool = False) -> Callable[..., Any]:
    async def prune(self: Any, now: Any, *, limit: int) -> int:
        gone = [key for key, until in self._full_until.items() if until <= now + ahead]
        gone = gone[:limit] if limited else gone
        for key in gone:
            del self._full_until[key]
        if forgets:
            self._known.clear()
        return len(gone)

    return prune


async def _prune_nothing(_self: Any, _now: Any, *, limit: int) -> int:
    return limit - limit


def faults() -> Iterator[Fault]:
    """Break the throttle of logins."""

    def broken(name: str, **methods: Callable[..., Any]) -> Fault:
        return Fault.of(f"TheThrottle{name}", LoginThrottleSuite, MemoryLoginThrottle, **methods)

    def counting(name: str, choose: Callable[[list[Any]], Any]) -> Fault:
        return broken(name, _counts=_counted(choose))

    yield counting("IgnoresAddresses", lambda counts: [c for c in counts if _of_the_account(c)])
    yield counting("IgnoresAccounts", lambda counts: [c for c in counts if not _of_the_account(c)])
    yield counting("IgnoresStrangers", lambda counts: [c for c in counts if c[0][1] is not None])
    yield counting("IgnoresOnePlace", lambda counts: [c for c in counts if None in c[0]])
    yield counting("CountsStrangersFirst", lambda counts: counts[::-1])
    yield counting("CountsTheAddressLast", lambda counts: [*counts[1:], *counts[:1]])
    yield counting("GivesStrangersNoMore", _share)
    yield broken("Races", admit=_admitted(races=True))
    yield broken("CountsRefusals", admit=_admitted(counts_refusals=True))
    yield broken("FoldsCase", admit=_with_account(str.casefold))
    yield broken("CutsAccounts", admit=_with_account(lambda account: account[:255]))
    yield broken("StripsAccounts", admit=_with_account(str.strip))
    yield broken("TakesNothingBack", absolve=_absolve_nothing)
    yield broken("KnowsNobody", absolve=_absolve_strangers)
    yield broken("ForgetsWhatFailedElsewhere", absolve=_absolve_everywhere)
    yield broken("ForgetsWhatAnAddressTried", absolve=_absolve_the_address)
    yield broken("CountsSuccesses", absolve=_absolve_without_the_address)
    yield broken("KnowsAnAddressForAll", absolve=_absolve_for_all)
    yield broken("PrunesWhatCounts", prune=_pruned(timedelta(seconds=1)))
    yield broken("PrunesWithoutLimit", prune=_pruned(timedelta(0), limited=False))
    yield broken("PrunesKnownAddresses", prune=_pruned(timedelta(0), forgets=True))
    yield broken("PrunesNothing", prune=_prune_nothing)
