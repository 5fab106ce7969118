"""Where a worker's time goes: py-spy, by the package whose code was running."""

import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Final

import click

from bench.load import BenchError, Load, running
from bench.scenarios import loads
from bench.target import Target

_PY_SPY: Final = Path(sys.executable).with_name("py-spy")
_RATE: Final = 250  # samples a second
_FILE: Final = re.compile(
    r"\((?:.*site-packages/|.*/lib/)?(?:latchkey/)?(?P<path>[^:()]+)(?::\d+)?\)$"
)
_FEW: Final = 0.02  # shares below this are one


def profile(target: Target, seconds: int) -> str:
    """Profile a worker under each load but login, which is bcrypt's; tell the shares."""
    table = "| load | where the time goes |\n| --- | --- |\n"
    for name, load in loads(target).items():
        if name != "login":
            click.echo(f"{name} ...", err=True)
            table += f"| {name} | {_shares(_samples(load, target, seconds))} |\n"
    return table


def _samples(load: Load, target: Target, seconds: int) -> Counter[str]:
    if target.processes is None:
        raise BenchError("whose processes aren't known can't be profiled")
    worker = target.processes.busiest_child()
    with (
        tempfile.NamedTemporaryFile("r", suffix=".raw") as stacks,
        running(load, target.url, seconds + 2) as under_way,
    ):
        subprocess.run(  # noqa: S603 - a tool of the project
            [
                *(_PY_SPY, "record", "--format", "raw", "--output", stacks.name),
                *("--rate", str(_RATE), "--duration", str(seconds), "--pid", str(worker)),
            ],
            check=True,
            capture_output=True,
        )
        under_way.answers()
        return _by_package(stacks.read())


def _by_package(stacks: str) -> Counter[str]:
    """Count samples by the package of the innermost frame; `stacks` has one stack a line."""
    found: Counter[str] = Counter()
    for line in stacks.splitlines():
        stack, _, count = line.rpartition(" ")
        innermost = stack.rpartition(";")[2]
        if named := _FILE.search(innermost):
            found[_package(named["path"])] += int(count)
    return found


def _package(path: str) -> str:
    parts = path.split("/")
    is_ours = parts[0] in {"adapters", "entrypoints"}
    return ".".join(parts[:2]).removesuffix(".py") if is_ours else parts[0].removesuffix(".py")


def _shares(samples: Counter[str]) -> str:
    whole = samples.total()
    large = [(name, count / whole) for name, count in samples.most_common()]
    named = [f"{name} {share:.0%}" for name, share in large if share >= _FEW]
    return ", ".join([*named, f"others {sum(s for _, s in large if s < _FEW):.0%}"])
