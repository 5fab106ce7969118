"""What a private key costs: a service that signs with one beside one that signs with a secret."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from statistics import median, quantiles
from typing import Final
from urllib.parse import urlsplit

import asyncpg

from bench.load import BenchError
from bench.report import machine
from bench.scenarios import loads, measure
from bench.service import serving
from bench.target import Target
from latchkey.adapters.keys.key_file import ScheduledKey, write
from latchkey.adapters.keys.p256_key import P256Key

_CHEAP: Final = 10  # bcrypt's least cost in production
_ISSUER: Final = "https://127.0.0.1"
_LOADS: Final = ("refresh", "me")
_HEAD: Final = """\
| | with `JWT_SECRET`, µs | with an ES256 key, µs | ratio, quartiles of the rounds |
| --- | --: | --: | --: |
"""
Costs = Mapping[str, Sequence[tuple[float, float]]]
"""CPU time of each service for a response, µs, by load, one pair per round."""


async def compare(dsn: str, seconds: int, rounds: int) -> str:
    """Put both services under the same loads by turns; return a table of the CPU time.

    Args:
        dsn: An empty database; a second one is made beside it.
        seconds: How long each load lasts.
        rounds: How often each is measured, >= 2.

    Raises:
        BenchError: The CPU time of a service is not known.
    """
    async with AsyncExitStack() as stack:
        targets = [
            (
                await stack.enter_async_context(
                    serving(each, workers=1, cost=_CHEAP, rounds=rounds, **environ)
                )
            )[0]
            for each, environ in ((dsn, {}), (await _second(dsn), _with_key()))
        ]
        costs = await asyncio.to_thread(_costs, targets, seconds, rounds)
    rows = "".join(_row(name, pairs) for name, pairs in costs.items())
    return f"{rounds} rounds of {seconds} s on {machine()}.\n\n{_HEAD}{rows}"


async def _second(dsn: str) -> str:
    connection = await asyncpg.connect(dsn)
    await connection.execute("CREATE DATABASE second")
    await connection.close()
    return urlsplit(dsn)._replace(path="/second").geturl()


def _with_key() -> Mapping[str, str]:
    key = ScheduledKey(key=P256Key.generate(), signs_from=datetime(2026, 1, 1, tzinfo=UTC))
    return {"JWT_KEYS": json.dumps(json.loads(write([key]))), "JWT_ISSUER": _ISSUER}


def _costs(targets: Sequence[Target], seconds: int, rounds: int) -> Costs:
    costs: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for _ in range(rounds):
        described = [loads(target) for target in targets]
        for name in _LOADS:
            secret, key = (
                measure(each[name], target, seconds).cpu_us
                for each, target in zip(described, targets, strict=True)
            )
            if secret is None or key is None:
                raise BenchError("the service did not answer")
            costs[name].append((secret, key))
    return costs


def _row(name: str, pairs: Sequence[tuple[float, float]]) -> str:
    secret, key = (median(costs) for costs in zip(*pairs, strict=True))
    low, middle, high = quantiles((key / secret for secret, key in pairs), n=4)
    return f"| {name} | {secret:.0f} | {key:.0f} | {low:.2f}, {middle:.2f}, {high:.2f} |\n"
