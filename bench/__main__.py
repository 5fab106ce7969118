"""`python -m bench`: put the documented flow under load, and fill the database ever more."""

import asyncio
import signal
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

import click
import uvloop

from bench.ceiling import checks_a_second
from bench.growth import SIZES, grow
from bench.options import compare as compare_options
from bench.pool import compare
from bench.profiling import profile
from bench.report import RESULTS, Report, typical
from bench.scale import run as scale_run
from bench.scale.filling import LEAST
from bench.scenarios import (
    IN_PEACE,
    LOGINS_LAST,
    MEANWHILE,
    Measurement,
    loads,
    measure,
    storm,
)
from bench.service import postgres, serving
from bench.target import PASSWORD_VARIABLE, Target, elsewhere

WORKERS: Final = 2
CHEAP: Final = 10  # bcrypt's least cost in production
OPTION_ROUNDS: Final = 10  # for a result that is kept
ROUNDS: Final = 40  # of each pool, for a result that is kept


@click.group()
def main() -> None:
    """Measure what the service does in a second, and how that grows."""
    # What was started is to end, too: an event loop unwinds at SIGINT alone.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))


@main.command()
@click.option("--base-url", metavar="URL", help="Another deployment of the documented flow.")
@click.option("--email", default="", help=f"Whose password {PASSWORD_VARIABLE} holds, for there.")
@click.option("--seconds", default=5, show_default=True, help="How long each load lasts.")
@click.option("--rounds", default=3, show_default=True, help="How often each is measured.")
@click.option("--cost", default=12, show_default=True, help="bcrypt's, in our own service.")
def load(*, base_url: str | None, email: str, seconds: int, rounds: int, cost: int) -> None:
    """Put each part of the flow under load, and tell what it takes.

    Without --base-url: a service with two workers in production mode, on a PostgreSQL of its own
    with 10,000 users and 200,000 orders. wrk and PostgreSQL run on the same machine.
    """
    command = f"just bench --seconds {seconds} --rounds {rounds} --cost {cost}"
    if base_url is not None:
        target = elsewhere(base_url.rstrip("/"), email)
        measured = _measured(target, seconds, rounds)
        click.echo(Report(command=f"{command} --base-url …", rounds=measured, others={}).table())
        return
    with postgres() as dsn:
        measured, took = asyncio.run(_ours(dsn, seconds, rounds, cost))
    others = {
        "p50 and p99 of `me` while many log in, relative to no logins": _slowed(measured),
        "bcrypt alone on all cores": f"{checks_a_second(cost, seconds):.1f} checks/s",
        "memory of all processes under load (PSS)": f"{_memory(measured):.0f} MiB",
        "from the start to /health/ready": f"{took:.1f} s",
    }
    report = Report(command=command, rounds=measured, others=others)
    report.write("load")
    click.echo(report.table())


@main.command()
@click.option("--sessions", "sizes", multiple=True, type=click.IntRange(min=1_000), default=SIZES)
def growth(sizes: tuple[int, ...]) -> None:
    """Tell what a refresh costs PostgreSQL with ever more sessions, in pages and bytes.

    Pages, log and bytes are the same on every machine. Ten million sessions take some ten minutes
    and 5 GB of disk.
    """
    with postgres() as dsn:
        table = asyncio.run(grow(dsn, sizes))
    if sizes == SIZES:
        (RESULTS / "growth.md").write_text(f"`just bench-growth`, PostgreSQL 18.\n\n{table}")
    click.echo(table)


@main.command()
@click.option("--users", nargs=2, type=click.IntRange(min=LEAST), default=scale_run.USERS)
@click.option("--requests", default=scale_run.COUNT, show_default=True, help="Of each kind.")
@click.option("--seconds", default=scale_run.SECONDS, show_default=True, help="Without pruning.")
def scale(users: tuple[int, int], requests: int, seconds: int) -> None:
    """Compare what requests take with few users and with many, and beside pruning.

    Trust the ratios: times depend on the machine. A million users, ten million sessions and as
    many audit events need about 12 GB of disk.
    """
    command = f"just bench-scale --users {users[0]} {users[1]}"
    with postgres() as dsn:
        text = asyncio.run(scale_run.run(dsn, command, users, requests, seconds)).text()
    if (users, requests, seconds) == (scale_run.USERS, scale_run.COUNT, scale_run.SECONDS):
        (RESULTS / "scale.md").write_text(text)
    click.echo(text)


@main.command()
@click.option("--rounds", default=ROUNDS, show_default=True, type=click.IntRange(min=2))
def pool(rounds: int) -> None:
    """Compare the CPU time of our own connection pool with asyncpg's, whose reset does nothing.

    Trust the ratios: times depend on the machine. Takes half a minute.
    """
    with postgres() as dsn:
        table = uvloop.run(compare(dsn, rounds))
    if rounds == ROUNDS:
        (RESULTS / "pool.md").write_text(f"`just bench-pool`, {table}")
    click.echo(table)


@main.command("options")
@click.option("--seconds", default=5, show_default=True, help="How long each load lasts.")
@click.option("--rounds", default=OPTION_ROUNDS, show_default=True, type=click.IntRange(min=2))
def options_(seconds: int, rounds: int) -> None:
    """Compare the CPU time of a service that has a private key, or counts, with the defaults.

    Trust the ratios: times depend on the machine. PostgreSQL's time is not counted.
    """
    with postgres() as dsn:
        table = asyncio.run(compare_options(dsn, seconds, rounds))
    if rounds == OPTION_ROUNDS:
        (RESULTS / "options.md").write_text(f"`just bench-options`, {table}")
    click.echo(table)


@main.command("profile")
@click.option("--seconds", default=5, show_default=True, help="How long each load lasts.")
def profile_(seconds: int) -> None:
    """Tell where the time of a worker goes under each load, by package."""
    with postgres() as dsn:
        click.echo(asyncio.run(_profiled(dsn, seconds)))


async def _profiled(dsn: str, seconds: int) -> str:
    async with serving(dsn, workers=WORKERS, cost=CHEAP, rounds=1) as (target, _):
        return await asyncio.to_thread(profile, target, seconds)


async def _ours(
    dsn: str, seconds: int, rounds: int, cost: int
) -> tuple[Mapping[str, Sequence[Measurement]], float]:
    async with serving(dsn, workers=WORKERS, cost=cost, rounds=rounds) as (target, took):
        return await asyncio.to_thread(_measured, target, seconds, rounds), took


def _measured(target: Target, seconds: int, rounds: int) -> Mapping[str, Sequence[Measurement]]:
    found: defaultdict[str, list[Measurement]] = defaultdict(list)
    for _ in range(rounds):
        for name, one in loads(target).items():
            lasting = seconds * LOGINS_LAST if name == "login" else seconds
            found[name].append(measure(one, target, lasting))
        for name, measurement in storm(target, seconds):
            found[name].append(measurement)
        click.echo(".", nl=False, err=True)
    click.echo(err=True)
    return found


def _slowed(measured: Mapping[str, Sequence[Measurement]]) -> str:
    in_peace, meanwhile = measured[IN_PEACE], measured[MEANWHILE]
    ratios = (typical(meanwhile, p) / typical(in_peace, p) for p in ("p50_ms", "p99_ms"))
    return ", ".join(f"{ratio:.1f} times" for ratio in ratios)


def _memory(measured: Mapping[str, Sequence[Measurement]]) -> float:
    return max(one.memory_mib or 0.0 for rounds in measured.values() for one in rounds)


if __name__ == "__main__":
    main()
