"""Texts that are made to be expensive: cheap operations stay fast meanwhile."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from statistics import median

import pytest

from harness.service import Installation, Service
from production.deployment import PROXY

pytestmark = pytest.mark.anyio

ATTACKERS = 4
# An address of their own (RFC 5737): what they spend of its limits, no other test misses.
JSON_OF_AN_ATTACKER = {"Content-Type": "application/json", "X-Forwarded-For": "198.51.100.66"}
PROBES = 20
ROUNDS = 3


def _marks(count: int) -> str:
    """Combine marks in the wrong order: the worst case of a normalisation."""
    return "\u0345" * (count // 2) + "\u0334" * (count // 2)


HOSTILE = {
    "marks, as many as fit": {"email": f"{_marks(368)}@example.com", "password": _marks(512)},
    "marks, far too many": {"email": "x@example.com", "password": _marks(7_900)},
    "hard numbers": {"email": [9e306] * 2_300, "password": ""},
}


@pytest.mark.requirement("LG-4")
@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
async def test_expensive_texts_leave_cheap_operations_fast(
    production: Installation, body: dict[str, object]
) -> None:
    limits = {"LOGIN_LIMIT_ADDRESS": "1/15m", "TRUSTED_PROXIES": "127.0.0.1/32"}
    with production.serving(WORKERS="1", **limits) as service:
        content = json.dumps(body, ensure_ascii=False).replace("e+306", "e306").encode()
        ratios = [await _slowdown_of_a_health_check(service, content) for _ in range(ROUNDS)]

    assert min(ratios) < 10  # other processes may be in the way of a round, but not of each


async def _slowdown_of_a_health_check(service: Service, content: bytes) -> float:
    idle = await _time_of_a_health_check(service)
    async with _attacked(service, content) as statuses:
        busy = await _time_of_a_health_check(service)
        while len(statuses) <= ATTACKERS:  # until then, one of them may not have begun
            busy = max(busy, await _time_of_a_health_check(service))
    assert set(statuses) <= {400, 401, 429}
    return busy / idle


async def _time_of_a_health_check(service: Service) -> float:
    """Give the median of some, in seconds."""
    async with service.client(PROXY) as http:
        times = []
        for _ in range(PROBES):
            began = time.perf_counter()
            await http.get("/health/live")
            times.append(time.perf_counter() - began)
    return median(times)


@asynccontextmanager
async def _attacked(service: Service, content: bytes) -> AsyncIterator[list[int]]:
    """Log in over and over again on some connections, and collect the statuses."""
    statuses: list[int] = []
    is_over = asyncio.Event()

    async def attack() -> None:
        async with service.client(PROXY | JSON_OF_AN_ATTACKER) as http:
            while not is_over.is_set():
                answer = await http.post("/api/auth/login", content=content)
                statuses.append(answer.status_code)

    async with asyncio.TaskGroup() as attackers:
        for _ in range(ATTACKERS):
            attackers.create_task(attack())
        yield statuses
        is_over.set()
