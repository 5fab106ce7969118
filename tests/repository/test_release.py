"""`./justw release`: what a release consists of, and what stops one."""

import hashlib
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any, Final

import pytest

from release.__main__ import judge
from release.advisories import Audit, audit
from release.artifacts import ROOT, ReleaseError

PROJECT: Final[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
NOT_CHECKED: Final = "NOT CHECKED for vulnerabilities: "


def release(root: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "release", *options],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Release without a tag; give the directory of the files, and what was told."""
    output = tmp_path_factory.mktemp("release") / "files"
    done = release(ROOT, "--dry-run", "--to", str(output))
    assert done.returncode == 0, done.stdout + done.stderr
    return output, done.stdout


def test_the_wheel_from_the_source_distribution_has_all_modules(made: tuple[Path, str]) -> None:
    [wheel] = made[0].glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if name.endswith(".py")}

    sources = {f"latchkey/{path.relative_to(ROOT / 'src')}" for path in ROOT.glob("src/**/*.py")}

    assert packed == sources


def test_the_bill_of_materials_names_what_the_wheel_needs_and_no_more(
    made: tuple[Path, str],
) -> None:
    [bill] = made[0].glob("*[0-9].cdx.json")
    content = json.loads(bill.read_text())
    listed = {each["name"].lower().replace("_", "-") for each in content["components"]}
    direct = {each.partition(">")[0].partition("[")[0] for each in PROJECT["dependencies"]}

    assert content["metadata"]["component"]["version"] == PROJECT["version"]
    assert direct <= listed
    assert not listed & {"pytest", "ruff", "mypy", "uv"}


def test_each_package_is_listed_with_its_licence(made: tuple[Path, str]) -> None:
    [licences] = made[0].glob("*.licences.txt")

    assert re.search(r"^litestar \S+: MIT$", licences.read_text(), re.MULTILINE)


def test_the_checksums_are_those_of_all_other_files(made: tuple[Path, str]) -> None:
    output, _ = made
    lines = (output / "SHA256SUMS").read_text().splitlines()
    summed = {name: digest for digest, name in (line.split("  ") for line in lines)}

    assert summed == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in output.iterdir()
        if path.name != "SHA256SUMS"
    }


def test_it_is_told_what_was_checked_for_vulnerabilities(made: tuple[Path, str]) -> None:
    assert NOT_CHECKED in made[1] or "No vulnerability is known in " in made[1]


def test_a_dirty_tree_is_not_released(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", ROOT, clone], check=True)  # noqa: S603, S607
    (clone / "README.md").write_text("Changed.")

    done = release(clone, "--to", str(tmp_path / "files"))

    assert (done.returncode, done.stdout) == (1, "")
    assert "there are uncommitted changes" in done.stderr


def pip_audit(directory: Path, printed: str) -> Path:
    """Stand in for pip-audit, which needs a database that changes every day."""
    program = directory / "pip-audit"
    program.write_text(f"#!/bin/sh\ncat <<'END'\n{printed}\nEND\n")
    program.chmod(0o755)
    return directory


KNOWN: Final = {"name": "b", "version": "2", "vulns": []}
VULNERABLE: Final = {"name": "a", "version": "1", "vulns": [{"id": "PYSEC-2026-1"}]}
SKIPPED: Final = {"name": "a", "skip_reason": "Dependency not found"}


@pytest.mark.parametrize(
    ("printed", "understood"),
    [
        (
            json.dumps({"dependencies": [VULNERABLE, KNOWN]}),
            Audit(vulnerable=("a 1: PYSEC-2026-1",), checked=2),
        ),
        (json.dumps({"dependencies": [SKIPPED, KNOWN]}), Audit(unchecked=("a",), checked=1)),
        ("", Audit(fault="no answer")),
    ],
)
def test_an_audit_that_learnt_nothing_is_no_clean_one(
    tmp_path: Path, printed: str, understood: Audit
) -> None:
    assert audit(pip_audit(tmp_path, printed)) == understood


@pytest.mark.parametrize(
    "audited",
    [
        Audit(vulnerable=("a 1: PYSEC-2026-1",), checked=2),
        Audit(unchecked=("a",), checked=1),
        Audit(fault="no answer"),
    ],
)
def test_what_is_vulnerable_or_was_not_checked_is_not_released(audited: Audit) -> None:
    with pytest.raises(ReleaseError):
        judge(audited, may_be_unaudited=False)


def test_what_is_vulnerable_is_not_even_released_unaudited() -> None:
    with pytest.raises(ReleaseError):
        judge(Audit(vulnerable=("a 1: PYSEC-2026-1",), checked=2), may_be_unaudited=True)
