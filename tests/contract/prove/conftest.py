"""Services to prove, and the command that proves them."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from subprocess import CompletedProcess
from types import MappingProxyType
from typing import Final

import pytest

from contract.prove.breakable_service import BREAKS, ISSUER, MAIL_PORT, ROTATES
from harness.service import Installation, Service, launch, reserved_port

ADMIN: Final = ("--admin-email", "ada@example.com")
PASSWORD: Final = {"LATCHKEY_PROVE_ADMIN_PASSWORD": "violet-Kettle-41-harbour-ada"}
_APPLICATION: Final = "contract.prove.breakable_service:create"
_NONE: Final[Mapping[str, str]] = MappingProxyType({})
_ROOT: Final = Path(__file__).parents[3]


Prove = Callable[..., CompletedProcess[str]]
"""Runs the command with arguments, and variables by name."""


@pytest.fixture(scope="session")
def prove(tmp_path_factory: pytest.TempPathFactory) -> Prove:
    command = Installation(home=tmp_path_factory.mktemp("prove"), environ={"COLUMNS": "200"})
    return partial(command.run, "prove")


@contextmanager
def _serving(
    breaks: str, home: Path, wishes: Mapping[str, str] = _NONE, *, publishes: bool = False
) -> Iterator[str]:
    granian = Path(sys.executable).with_name("granian")
    environ = {**wishes, BREAKS: breaks, "PYTHONPATH": f"{_ROOT}/lib:{_ROOT}/tests"}
    with reserved_port() as port:
        if publishes:
            environ[ISSUER] = f"http://127.0.0.1:{port}"
        command = (granian, "--interface", "asgi", "--factory", "--port", str(port), _APPLICATION)
        log = home / "serve.log"
        process = launch(command, home, environ, log)
        service = Service(process=process, url=f"http://127.0.0.1:{port}", log=log)
        try:
            service.wait_until_ready()
            yield service.url
        finally:
            service.end()


@pytest.fixture(scope="session")
def sound_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with _serving("none", tmp_path_factory.mktemp("sound")) as url:
        yield url


@pytest.fixture(scope="session")
def service_that_clears_the_cookie(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with _serving("R11", tmp_path_factory.mktemp("cookie")) as url:
        yield url


@pytest.fixture(scope="session")
def service_without_request_ids(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with _serving("K2", tmp_path_factory.mktemp("ids")) as url:
        yield url


@pytest.fixture(scope="session")
def service_with_keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with _serving("none", tmp_path_factory.mktemp("keys"), publishes=True) as url:
        yield url


@pytest.fixture(scope="session")
def service_whose_keys_are_not_kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with _serving("J4", tmp_path_factory.mktemp("no-store"), publishes=True) as url:
        yield url


@pytest.fixture
def mail_port() -> Iterator[int]:
    """A port for the suite's mail server, which nobody else gets meanwhile."""
    with reserved_port() as port:
        yield port


@pytest.fixture
def service_that_sends_mails(tmp_path: Path, mail_port: int) -> Iterator[str]:
    with _serving("none", tmp_path, {MAIL_PORT: str(mail_port)}) as url:
        yield url


@pytest.fixture
def service_that_rotates_its_keys(tmp_path: Path) -> Iterator[str]:
    with _serving("none", tmp_path, {ROTATES: "soon"}, publishes=True) as url:
        yield url


@pytest.fixture
def service_that_announces_no_key(tmp_path: Path) -> Iterator[str]:
    with _serving("J5", tmp_path, {ROTATES: "soon"}, publishes=True) as url:
        yield url


@pytest.fixture
def service_that_withdraws_its_key_at_once(tmp_path: Path) -> Iterator[str]:
    with _serving("J6", tmp_path, {ROTATES: "soon"}, publishes=True) as url:
        yield url
