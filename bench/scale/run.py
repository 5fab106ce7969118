"""The whole run: fill, request, explain, prune."""

from contextlib import AsyncExitStack
from typing import Final

import click

from bench.scale import plans, pruning, requests
from bench.scale.filling import check_room
from bench.scale.report import Report
from bench.scale.site import Site, opened

USERS: Final = (10_000, 1_000_000)
COUNT: Final = 1_000  # requests of each kind
SECONDS: Final = 60  # of refreshes without pruning


async def run(dsn: str, command: str, users: tuple[int, int], count: int, seconds: int) -> Report:
    """Measure the service with few users and with many.

    Args:
        dsn: A server with room for both.
        command: For the report.
        users: How many, few and many.
        count: How many requests of each kind to time.
        seconds: How long to refresh without pruning.

    Raises:
        BenchError: There is no room, or a response was wrong.
    """
    check_room(sum(users))
    async with AsyncExitStack() as stack:
        few, many = [await _opened(stack, dsn, each) for each in users]
        explained = (await plans.explain(few), await plans.explain(many))
        times = await requests.measure((few, many), count)
        _tell("pruning")
        pruned = await pruning.measure(many, seconds)
    return Report(command=command, users=users, times=times, plans=explained, pruning=pruned)


async def _opened(stack: AsyncExitStack, dsn: str, users: int) -> Site:
    _tell(f"filling a database with {users:,} users")
    return await stack.enter_async_context(opened(dsn, users))


def _tell(what: str) -> None:
    click.echo(f"{what} …", err=True)
