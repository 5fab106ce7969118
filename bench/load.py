"""Loads: wrk in a closed loop, and what it saw."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

_LUA: Final = Path(__file__).with_name("lua")
_RESULT: Final = "RESULT "
_PATIENCE: Final = 60.0  # s beyond the load's own time


class BenchError(click.ClickException):
    """Nothing can be measured; the command line says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Requests that are sent again and again, the next when the last was answered.

    Attributes:
        path: Where to.
        header: The header that takes each value in turn; "" for the body.
        values: A header's values, or bodies.
        connections: How many requests are under way at once, >= 1.
        status: What each answer has to be.
        follows_cookies: Whether each connection shows the cookie that it was last given.
        pause_ms: How long each connection waits before a request, milliseconds.
    """

    path: str
    header: str
    values: Sequence[str]
    connections: int
    method: str = "GET"
    status: int = 200
    follows_cookies: bool = False
    pause_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What came back.

    Attributes:
        requests: How many were answered.
        seconds: How long it took.
        wrong: How many had another status, an old cookie, or no answer.
        p50_ms: Milliseconds that half of them took at most.
        p99_ms: Milliseconds that 99 % of them took at most.
    """

    requests: int
    seconds: float
    wrong: int
    p50_ms: float
    p99_ms: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.requests / self.seconds


class RunningLoad:
    """A load that is under way."""

    def __init__(self, load: Load, process: subprocess.Popen[str]) -> None:
        """Watch wrk."""
        self._load = load
        self._process = process

    def answers(self) -> Answers:
        """Wait for its end.

        Raises:
            BenchError: Something else than what was wanted came back.
        """
        output, _ = self._process.communicate(timeout=_PATIENCE)
        found = [line for line in output.splitlines() if line.startswith(_RESULT)]
        if not found:
            raise BenchError(f"wrk said: {output.strip()[-500:]}")
        answers = Answers(**json.loads(found[-1].removeprefix(_RESULT)))
        if answers.wrong:
            what = f"{self._load.method} {self._load.path}"
            raise BenchError(f"{what}: {answers.wrong} of {answers.requests} answers were wrong")
        return answers


@contextmanager
def running(load: Load, url: str, seconds: int) -> Iterator[RunningLoad]:
    """Put a load on whatever answers at a URL.

    Raises:
        BenchError: There is no wrk.
    """
    wrk = shutil.which("wrk")
    if wrk is None:
        raise BenchError("wrk is not installed: it is a package of Debian, Ubuntu and Homebrew")
    threads = load.connections if load.follows_cookies else min(2, load.connections)
    script = "rotations.lua" if load.follows_cookies else "requests.lua"
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as values:
        values.write("\n".join(load.values))
        values.flush()
        options = [f"-t{threads}", f"-c{load.connections}", f"-d{seconds}s", "--latency"]
        process = subprocess.Popen(  # noqa: S603 - found above
            [wrk, *options, "--timeout", "30s", "-s", str(_LUA / script), url + load.path],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={
                **os.environ,
                "BENCH_COMMON": str(_LUA / "common.lua"),
                "BENCH_REQUESTS": values.name,
                "BENCH_HEADER": load.header,
                "BENCH_METHOD": load.method,
                "BENCH_STATUS": str(load.status),
                "BENCH_PAUSE": str(load.pause_ms),
            },
        )
        with process:
            try:
                yield RunningLoad(load, process)
            finally:
                process.kill()
