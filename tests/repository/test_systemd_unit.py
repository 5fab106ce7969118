"""The systemd unit in `deploy`: systemd's own programs check it, its user and its directory."""

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from soak.walk import KEYS, key_commands

DEPLOY: Final = Path(__file__).parents[2] / "deploy"
EXPOSURE: Final = 20  # tenths; systemd counts up to 100
PROGRAM: Final = "/opt/latchkey/bin/latchkey"


def run(program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"needs {program}")
    return subprocess.run(  # noqa: S603 - systemd's own programs
        [path, *arguments], capture_output=True, text=True, check=False
    )


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """Return the unit with a program that is there, since systemd looks for it."""
    text = (DEPLOY / "latchkey.service").read_text()
    assert f"ExecStart={PROGRAM} serve" in text
    copy = tmp_path / "latchkey.service"
    copy.write_text(text.replace(f"={PROGRAM}", f"={sys.executable}"))
    return copy


def test_systemd_understands_every_line(unit: Path) -> None:
    verified = run("systemd-analyze", "verify", "--man=no", unit)

    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")


def test_systemd_understands_the_drop_in_that_hands_over_the_keys(unit: Path) -> None:
    move, _ = key_commands(KEYS.read_text())
    [lines] = re.findall(r"/keys\.conf <<END\n(.+?)^END$", move, re.MULTILINE | re.DOTALL)
    drop_in = unit.with_name("latchkey.service.d") / "keys.conf"
    drop_in.parent.mkdir()
    drop_in.write_text(lines.replace(PROGRAM, sys.executable))

    verified = run("systemd-analyze", "verify", "--man=no", unit)

    assert f"/etc/systemd/system/{drop_in.parent.name}/keys.conf <<END\n" in move
    assert f" {PROGRAM} serve\n" in lines
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")


def test_the_service_is_hardly_exposed_by_systemds_own_count(unit: Path) -> None:
    judged = run(
        *("systemd-analyze", "security", "--offline=true", "--no-pager"),
        *(f"--threshold={EXPOSURE}", unit),
    )

    assert judged.returncode == 0, judged.stdout + judged.stderr
    assert "Overall exposure level" in judged.stdout


@pytest.mark.skipif(os.getuid() != 0, reason="only root creates users and files of root")
def test_the_user_and_the_directory_are_created(unit: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "etc").mkdir(parents=True)

    user = run("systemd-sysusers", f"--root={root}", DEPLOY / "latchkey.sysusers")
    made = run("systemd-tmpfiles", f"--root={root}", "--create", DEPLOY / "latchkey.tmpfiles")

    assert (user.returncode, made.returncode) == (0, 0), user.stderr + made.stderr
    assert "\nUser=latchkey\n" in unit.read_text()
    assert (root / "etc" / "passwd").read_text().startswith("latchkey:")
    assert "\nEnvironmentFile=/etc/latchkey/.env\n" in unit.read_text()
    assert stat.S_IMODE((root / "etc" / "latchkey").stat().st_mode) == 0o700
