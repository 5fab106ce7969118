"""What options cost: a service with one of them beside a service with the defaults."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from statistics import median, quantiles
from timeit import repeat
from typing import Final, cast
from urllib.parse import urlsplit

import asyncpg
from litestar.types import HTTPScope

from bench.load import BenchError
from bench.report import machine
from bench.scenarios import loads, measure
from bench.service import serving
from bench.target import Target
from harness.service import free_port
from latchkey.adapters.keys.key_file import ScheduledKey, write
from latchkey.adapters.keys.p256_key import P256Key
from latchkey.entrypoints.observability.metrics.catalogue import LAYOUT
from latchkey.entrypoints.observability.metrics.meter import Meter

_COUNTS: Final = 100_000
_SIGNATURES: Final = 5_000
_CHEAP: Final = 10  # bcrypt's least cost in production
_ISSUER: Final = "https://127.0.0.1"
_LOADS: Final = ("refresh", "me")
_KEYS, _METRICS = "an ES256 key", "metrics"
_HEAD: Final = """\
| | defaults, µs | option | with it, µs | ratio, quartiles of the rounds |
| --- | --: | --- | --: | --: |
"""
Costs = Mapping[tuple[str, str], Sequence[tuple[float, float]]]
"""CPU time for a response without and with an option, µs, by load and option, one per round."""


async def compare(dsn: str, seconds: int, rounds: int) -> str:
    """Put all services under the same loads by turns; return a table of the CPU time.

    Args:
        dsn: An empty database; others are made beside it.
        seconds: How long each load lasts.
        rounds: How often each is measured, >= 2.

    Raises:
        BenchError: The CPU time of a service is not known.
    """
    environs = {"": {}, _KEYS: _with_key(), _METRICS: {"METRICS_PORT": str(free_port())}}
    async with AsyncExitStack() as stack:
        targets = {
            option: (
                await stack.enter_async_context(
                    serving(
                        await _database(dsn, f"option_{place}"),
                        workers=1,
                        cost=_CHEAP,
                        rounds=rounds,
                        **environ,
                    )
                )
            )[0]
            for place, (option, environ) in enumerate(environs.items())
        }
        costs = await asyncio.to_thread(_costs, targets, seconds, rounds)
    rows = "".join(_row(*names, pairs) for names, pairs in costs.items())
    counted = (
        f"The count of a request alone takes {_counting_us():.1f} µs, "
        f"and a signature with ES256 {_signing_us():.0f} µs.\n"
    )
    return f"{rounds} rounds of {seconds} s on {machine()}.\n\n{_HEAD}{rows}\n{counted}"


def _counting_us() -> float:
    """Return how long the meter takes for a request, without the rest of it, µs."""
    meter = Meter(memoryview(bytearray(LAYOUT.cells * 8)).cast("q"))
    scope = cast("HTTPScope", {"method": "GET", "path_template": "/api/orders"})
    times = repeat(lambda: meter.completed(scope, 200, 0.001), number=_COUNTS)
    return min(times) / _COUNTS * 1e6


def _signing_us() -> float:
    """Return how long a signature takes if nothing else is done in between, µs."""
    key = P256Key.generate()
    times = repeat(lambda: key.sign(bytes(400)), number=_SIGNATURES)
    return min(times) / _SIGNATURES * 1e6


async def _database(dsn: str, name: str) -> str:
    connection = await asyncpg.connect(dsn)
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    return urlsplit(dsn)._replace(path=f"/{name}").geturl()


def _with_key() -> Mapping[str, str]:
    key = ScheduledKey(key=P256Key.generate(), signs_from=datetime(2026, 1, 1, tzinfo=UTC))
    return {"JWT_KEYS": json.dumps(json.loads(write([key]))), "JWT_ISSUER": _ISSUER}


def _costs(targets: Mapping[str, Target], seconds: int, rounds: int) -> Costs:
    costs: defaultdict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for _ in range(rounds):
        described = {option: loads(target) for option, target in targets.items()}
        for name in _LOADS:
            took = {
                option: measure(described[option][name], target, seconds).cpu_us
                for option, target in targets.items()
            }
            without = took.pop("")
            for option, with_it in took.items():
                if without is None or with_it is None:
                    raise BenchError("the service did not answer")
                costs[name, option].append((without, with_it))
    return costs


def _row(name: str, option: str, pairs: Sequence[tuple[float, float]]) -> str:
    without, with_it = (median(costs) for costs in zip(*pairs, strict=True))
    low, middle, high = quantiles((after / before for before, after in pairs), n=4)
    ratios = f"{low:.2f}, {middle:.2f}, {high:.2f}"
    return f"| {name} | {without:.0f} | {option} | {with_it:.0f} | {ratios} |\n"
