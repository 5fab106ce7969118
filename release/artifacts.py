"""The files of a release."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
TOOLS: Final = ROOT / "release" / "requirements.lock"
SUMS: Final = "SHA256SUMS"


class ReleaseError(Exception):
    """A release cannot be made; the message says why."""


def build(output: Path, commit_time: str) -> None:
    """Build wheel and source distribution twice, and keep them if both are the same bit by bit.

    Args:
        output: An existing directory.
        commit_time: What all files are dated, in seconds since 1970.

    Raises:
        ReleaseError: They differ.
    """
    with TemporaryDirectory() as second:
        for directory in (output, Path(second)):
            run(
                [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(directory), "."],
                SOURCE_DATE_EPOCH=commit_time,
            )
        built = sorted(Path(second).iterdir())
        for again in built:
            if again.read_bytes() != (output / again.name).read_bytes():
                raise ReleaseError(f"{again.name}: two builds differ")


def tools(directory: Path) -> Path:
    """Install the pinned tools of a release into a new environment; return its programs."""
    _environment(directory, "--require-hashes", "--requirements", str(TOOLS))
    return directory / "bin"


def describe(wheel: Path, programs: Path, output: Path, commit_time: str) -> dict[str, Any]:
    """Install a wheel as a user does, and write what it needs as CycloneDX 1.6, and as licences.

    The versions are those of requirements.lock.

    Returns:
        The bill of materials.

    Raises:
        ReleaseError: What is installed does not work.
    """
    bill = output / f"{_stem(wheel)}.cdx.json"
    with TemporaryDirectory() as directory:
        installed = Path(directory) / "installed"
        _environment(installed, str(wheel), "--constraints", str(ROOT / "requirements.lock"))
        run([str(installed / "bin" / "latchkey"), "openapi"])  # loads all that serves requests
        run(
            [
                *(str(programs / "cyclonedx-py"), "environment", "--output-reproducible"),
                *("--pyproject", "pyproject.toml", "--output-file", str(bill), str(installed)),
            ],
            SOURCE_DATE_EPOCH=commit_time,
        )
    content: dict[str, Any] = json.loads(bill.read_text())
    licences = "".join(f"{line}\n" for line in _licences(content))
    (output / f"{_stem(wheel)}.licences.txt").write_text(licences)
    return content


def describe_pages(output: Path, version: str) -> bool:
    """Write what the pages need in the browser as CycloneDX 1.5; return whether npm is there."""
    if shutil.which("npm") is None:
        return False
    options = ("--sbom-format", "cyclonedx", "--omit", "dev", "--package-lock-only")
    written = run(["npm", "--prefix", "frontend", "sbom", *options])
    (output / f"latchkey-{version}.pages.cdx.json").write_text(written)
    return True


def sum_up(output: Path) -> None:
    """Write the SHA-256 of each file, as `sha256sum --check` reads it."""
    files = sorted(path for path in output.iterdir() if path.name != SUMS)
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (output / SUMS).write_text("".join(lines))


def run(command: list[str], **environ: str) -> str:
    """Run a program in the repository; return what it wrote.

    Raises:
        ReleaseError: It failed.
    """
    done = subprocess.run(  # noqa: S603 - our own commands
        command,
        cwd=ROOT,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ReleaseError(f"{' '.join(command)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def _environment(directory: Path, *what: str) -> None:
    uv = [sys.executable, "-m", "uv", "--quiet"]
    run([*uv, "venv", "--python", sys.executable, str(directory)])
    run([*uv, "pip", "install", "--python", str(directory / "bin" / "python"), *what])


def _licences(bill: dict[str, Any]) -> Iterator[str]:
    """List name, version and declared licence of each component; "-" if it declares none."""
    for component in bill["components"]:
        declared = [
            each.get("expression") or each["license"].get("id") or each["license"]["name"]
            for each in component.get("licenses", [])
        ]
        names = ", ".join(sorted(set(declared))) or "-"
        yield f"{component['name']} {component['version']}: {names}"


def _stem(wheel: Path) -> str:
    return "-".join(wheel.name.split("-")[:2])
