"""What is publicly known against the locked packages."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from release.artifacts import ROOT

_TIMEOUT: Final = 300.0  # s


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """The answer of a vulnerability database.

    Attributes:
        vulnerable: A line for each advisory that applies to a locked version.
        unchecked: The packages that the database was not asked about, or did not know.
        checked: The number of packages that it knew.
        fault: Why there is no answer at all, or "".
    """

    vulnerable: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()
    checked: int = 0
    fault: str = ""


def audit(programs: Path, lock: Path = ROOT / "requirements.lock") -> Audit:
    """Ask the database of the package index about each package of a lock.

    pip-audit succeeds where it learns nothing, as behind a mirror that carries no advisories. So
    what it checked is counted.
    """
    command = [
        *(str(programs / "pip-audit"), "--requirement", str(lock), "--no-deps", "--disable-pip"),
        *("--format", "json", "--progress-spinner", "off"),
    ]
    try:
        done = subprocess.run(  # noqa: S603 - a pinned tool
            command, capture_output=True, text=True, check=False, timeout=_TIMEOUT
        )
    except subprocess.TimeoutExpired:
        return Audit(fault=f"no answer in {_TIMEOUT:.0f} s")
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return Audit(fault=(done.stderr.strip().splitlines() or ["no answer"])[-1])
    skipped = tuple(each["name"] for each in packages if "skip_reason" in each)
    vulnerable = tuple(
        f"{each['name']} {each['version']}: {found['id']}"
        for each in packages
        for found in each.get("vulns", ())
    )
    checked = len(packages) - len(skipped)
    return Audit(vulnerable=vulnerable, unchecked=skipped, checked=checked)
