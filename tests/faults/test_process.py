"""How the processes of a service begin and end, whoever ends them."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
import pytest

from faults.conftest import CALM
from faults.test_shutdown import SOON, ended, refused, until, workers
from harness.service import LATCHKEY, Installation, Service, free_port, reserved_port

pytestmark = pytest.mark.anyio

NAMESPACE = ("unshare", "--pid", "--fork", "--mount-proc")


@pytest.fixture
def ending(production: Installation) -> Iterator[Service]:
    """A service that a test may end."""
    with production.serving(**CALM) as service:
        yield service


def lines_of(service: Service) -> list[dict[str, Any]]:
    """Read the log; each line has to be an object."""
    return [json.loads(line) for line in service.log.read_text().splitlines()]


def catches_sigterm(process: psutil.Process) -> bool:
    """Tell whether a process has a handler for SIGTERM."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    [caught] = [line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:")]
    return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)


async def test_workers_end_with_a_parent_that_is_killed(ending: Service) -> None:
    await until(lambda: len(workers(ending)) == 2)
    orphans = workers(ending)

    ending.process.kill()

    await until(lambda: not any(worker.is_running() for worker in orphans), SOON)
    await refused(ending)


async def test_a_second_start_on_the_same_port_is_refused(
    production: Installation, ending: Service
) -> None:
    second = production.run("serve", **CALM, PORT=str(ending.port))

    assert second.returncode == 1
    [line] = second.stderr.splitlines()
    assert line.startswith("HOST, PORT: cannot listen there (Address already in use); must ")


async def test_a_start_right_after_a_killed_one_has_the_port(
    production: Installation, ending: Service
) -> None:
    orphans = workers(ending)
    ending.process.kill()
    await until(lambda: not any(worker.is_running() for worker in orphans), SOON)

    with production.serving(**CALM, PORT=str(ending.port)) as again:
        assert again.process.poll() is None


async def test_the_log_of_production_has_a_line_for_the_start_and_one_for_the_end(
    ending: Service,
) -> None:
    await until(lambda: len(workers(ending)) == 2)
    ending.process.terminate()
    assert await ended(ending) == 0

    lines = [line for line in lines_of(ending) if line["level"] == "info"]
    assert [line.pop("timestamp")[-1] for line in lines] == ["Z", "Z"]
    assert lines == [
        {
            "event": "service_started",
            "level": "info",
            "version": version("latchkey"),
            "environment": "production",
            "url": ending.url,
            "workers": 2,
        },
        {"event": "service_stopped", "level": "info", "status": 0},
    ]


async def test_what_the_server_itself_logs_is_one_object_a_line(ending: Service) -> None:
    await until(lambda: len(workers(ending)) == 2)
    killed, other = workers(ending)
    killed.kill()
    await until(lambda: len({*workers(ending)} - {killed, other}) == 1)
    [replacement] = {*workers(ending)} - {killed, other}
    replacement.kill()  # too soon: the service ends
    status = await ended(ending)

    lines = lines_of(ending)

    assert "Worker crash loop detected, exiting" in [line["event"] for line in lines]
    assert lines[-1]["event"] == "service_stopped"
    assert (status, lines[-1]["status"]) == (1, 1)


@pytest.mark.parametrize("command", [("serve",), ("audit", "--follow")], ids=" ".join)
async def test_sigterm_ends_process_1_as_soon_as_the_program_runs(
    production: Installation, command: tuple[str, ...]
) -> None:
    prefix = NAMESPACE if shutil.which("unshare") and os.geteuid() == 0 else ()
    if prefix and subprocess.run([*prefix, "true"], check=False).returncode:  # noqa: S603, ASYNC221 - to look whether it may
        prefix = ()  # then it isn't process 1, and only its exit status tells that it has a handler
    environ = {**production.environ, **CALM, "PORT": str(free_port())}
    started = subprocess.Popen(  # noqa: S603, ASYNC220 - our own command
        [*prefix, LATCHKEY, *command],
        cwd=production.home,
        env={**environ, "PATH": os.environ["PATH"], "HOME": str(production.home)},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    own = psutil.Process(started.pid)
    try:
        if prefix:
            await until(lambda: bool(own.children()))
        [program] = own.children() if prefix else [own]
        await until(lambda: catches_sigterm(program))

        program.terminate()

        await until(lambda: started.poll() is not None, SOON)
        assert started.returncode == 128 + signal.SIGTERM
    finally:
        if started.poll() is None:
            os.killpg(started.pid, signal.SIGKILL)
        started.wait()


async def test_following_the_audit_log_ends_on_sigterm(production: Installation) -> None:
    log = production.home / "followed"
    with log.open("wb") as output:
        following = subprocess.Popen(  # noqa: S603, ASYNC220 - our own command
            [LATCHKEY, "audit", "--follow"],
            cwd=production.home,
            env={**production.environ, "PATH": os.environ["PATH"], "HOME": str(production.home)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        await until(lambda: log.stat().st_size > 0)

        following.terminate()
        await until(lambda: following.poll() is not None, SOON)
    finally:
        following.kill()
        following.wait()

    assert following.returncode == 128 + signal.SIGTERM
    assert b"Traceback" not in log.read_bytes()


def test_a_reserved_port_is_no_taken_one(production: Installation) -> None:
    with reserved_port() as port, production.serving(**CALM, PORT=str(port)) as service:
        assert service.port == port
