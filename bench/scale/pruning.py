"""Refreshes at a modest rate, without and with a process that prunes beside them."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from subprocess import Popen
from typing import Final, NamedTuple

from bench.load import BenchError
from bench.scale.client import Client, refresh
from bench.scale.site import Site
from harness.service import LATCHKEY, launch

RATE: Final = 50  # refreshes per second
_CLIENTS: Final = 5
_SESSIONS: Final = 2_000  # that take turns, at most
_PATIENCE: Final = 1_200.0  # s
_DELETED: Final = re.compile(r"Deleted (\d+) sessions")


class Pruning(NamedTuple):
    """What was seen.

    Attributes:
        before: How long the refreshes took without pruning, s.
        beside: How long they took beside it, s.
        rows: How many sessions were pruned.
        seconds: How long that took.
    """

    before: Sequence[float]
    beside: Sequence[float]
    rows: int
    seconds: float


async def measure(site: Site, seconds: float) -> Pruning:
    """Refresh for a while, then until all old sessions are pruned.

    Args:
        site: The service, whose database has old sessions.
        seconds: How long to refresh without pruning.
    """
    holders = await site.holders(min(_SESSIONS, site.users // 4))
    chains = [Chains([each.cookie for each in holders[k::_CLIENTS]]) for k in range(_CLIENTS)]
    until = time.monotonic() + seconds
    before = _refresh(site.url, chains, lambda: time.monotonic() < until)
    log = site.installation.home / "prune.log"
    began = time.monotonic()
    process = launch(
        [LATCHKEY, "prune"],
        site.installation.home,
        site.installation.environ,
        log,
    )
    with process:
        try:
            ended = _Ended(process)
            beside = _refresh(site.url, chains, lambda: ended() is None)
        finally:
            process.kill()
    return Pruning(before, beside, _pruned(log), (ended() or time.monotonic()) - began)


class Chains:
    """Sessions that take turns; each shows the cookie that it was last given."""

    def __init__(self, cookies: Sequence[str]) -> None:
        """Begin with cookies that nothing else uses."""
        self._cookies = list(cookies)
        self._turns = count()

    def refresh(self, client: Client) -> float:
        """Refresh the next session and return when the response came, s."""
        place = next(self._turns) % len(self._cookies)
        response = client.send(refresh(self._cookies[place]))
        self._cookies[place] = response.headers["Set-Cookie"].partition(";")[0]
        return response.at


class _Ended:
    """Tells when a process has ended, to the precision of the questions."""

    def __init__(self, process: Popen[bytes]) -> None:
        self._process = process
        self._at: float | None = None

    def __call__(self) -> float | None:
        if self._at is None and self._process.poll() is not None:
            self._at = time.monotonic()
        return self._at


def _refresh(url: str, chains: Sequence["Chains"], goes_on: Callable[[], bool]) -> Sequence[float]:
    """Refresh at `RATE`. A late response delays those after it, which are late from their due."""
    began = time.monotonic()
    with ThreadPoolExecutor(len(chains)) as pool:
        futures = [
            pool.submit(_at_rate, url, each, began + place / RATE, goes_on)
            for place, each in enumerate(chains)
        ]
    return [took for future in futures for took in future.result()]


def _at_rate(
    url: str, chains: Chains, began: float, goes_on: Callable[[], bool]
) -> Sequence[float]:
    times = []
    with Client(url) as client:
        for due in _dues(began):
            time.sleep(max(0.0, due - time.monotonic()))
            if not goes_on():
                break
            times.append(chains.refresh(client) - due)
    return times


def _dues(began: float) -> Iterator[float]:
    yield from (began + turn * _CLIENTS / RATE for turn in count())


def _pruned(log: Path) -> int:
    found = _DELETED.search(log.read_text())
    if found is None:
        raise BenchError(f"latchkey prune: {log.read_text().strip()[-500:]}")
    return int(found[1])
