"""Services to prove, and the command that proves them."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
import pytest

from contract.prove.breakable_service import BREAKS
from serving import LATCHKEY, free_port

_START_WITHIN: Final = 60.0  # s
_ROOT: Final = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How the command ended."""

    status: int
    out: str
    err: str


Prove = Callable[..., Ran]


@pytest.fixture(scope="session")
def prove() -> Prove:
    def prove(*arguments: str, **environ: str) -> Ran:
        ran = subprocess.run(  # noqa: S603 - our own command
            [LATCHKEY, "prove", *arguments],
            env={**os.environ, "COLUMNS": "200", **environ},
            capture_output=True,
            text=True,
            check=False,
        )
        return Ran(status=ran.returncode, out=ran.stdout, err=ran.stderr)

    return prove


@contextmanager
def _serving(breaks: str, log: Path) -> Iterator[str]:
    port = free_port()
    command = [str(Path(sys.executable).with_name("granian")), "--interface", "asgi", "--factory"]
    environ = {**os.environ, BREAKS: breaks, "PYTHONPATH": f"{_ROOT}/lib:{_ROOT}/tests"}
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*command, "--port", str(port), "contract.prove.breakable_service:create"],
            env=environ,
            stdout=output,
            stderr=output,
        )
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}", log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _wait_until_ready(url: str, log: Path) -> None:
    deadline = time.monotonic() + _START_WITHIN
    while time.monotonic() < deadline:
        with suppress(httpx.TransportError):
            if httpx.get(f"{url}/health/ready").is_success:
                return
        time.sleep(0.05)
    pytest.fail(f"the service did not start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def sound_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with _serving("none", tmp_path_factory.mktemp("sound") / "serve.log") as url:
        yield url


@pytest.fixture(scope="session")
def service_that_clears_the_cookie(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with _serving("R11", tmp_path_factory.mktemp("cookie") / "serve.log") as url:
        yield url


@pytest.fixture(scope="session")
def service_without_request_ids(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with _serving("K2", tmp_path_factory.mktemp("ids") / "serve.log") as url:
        yield url
