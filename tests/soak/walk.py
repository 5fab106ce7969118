"""The way from a bare Debian to a service: the manual's own commands, carried out on a machine."""

import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Final

from harness.postgres import MANUAL, ROOT
from production.deployment import ADMIN, HOST
from repository.walk import SEEN, blocks
from soak.debian import lent_network
from soak.machine import Machine

STEPS: Final = (
    "packages and program",
    "files",
    "database and settings",
    "proxy",
    "tables, administrator and service",
)
CHANGES: Final = {
    "host=auth.example.com": f"host={HOST}",
    "latchkey create-admin --email ada@example.com --name Ada #": (
        f"latchkey create-admin --email {ADMIN.email} --name {ADMIN.name}"
        f" --password-stdin <<<'{ADMIN.password}' #"
    ),
}
"""A host name of ours, and a password that nobody types."""
KEYS: Final = ROOT / "docs" / "operations" / "keys.md"
PROJECT: Final = ("deploy", "requirements.lock", "frontend/out")
_HERE: Final = "/root/latchkey"
_MARK: Final = f"printf '{SEEN}%s{SEEN}' \"$EPOCHREALTIME\"\n"


def commands(manual: str, changes: Mapping[str, str]) -> dict[str, str]:
    """Read the commands of each step, with what is changed.

    Raises:
        ValueError: The section has other blocks than the steps, or lacks what is to be changed.
    """
    [section] = re.findall(r"^## From a bare Debian\n(.+?)^## ", manual, re.MULTILINE | re.DOTALL)
    steps = dict(zip(STEPS, blocks(section, "sh"), strict=True))
    for operators, ours in changes.items():
        if operators not in section:
            raise ValueError(f"the manual does not have {operators!r}")
        steps = {name: text.replace(operators, ours) for name, text in steps.items()}
    return steps


def key_commands(manual: str) -> list[str]:
    """Read the commands that move a service under systemd to private keys, and that add a key.

    Raises:
        ValueError: The section has another number of blocks.
    """
    [section] = re.findall(r"^\*\*Under systemd\.(.+?)^\*\*", manual, re.MULTILINE | re.DOTALL)
    [move] = blocks(section, "sh")
    [rotate] = re.findall(r"`(latchkey keys rotate .+?)`", section)
    return [move.replace("auth.example.com", HOST), f"cd /etc/latchkey\n{rotate}\n"]


def copy_project(root: Path) -> Path:
    """Copy to a machine what the manual wants there, and return the directory.

    Raises:
        FileNotFoundError: There is no wheel or no page, or more than one wheel.
    """
    here = root / _HERE.lstrip("/")
    wheels = list((ROOT / "dist").glob("latchkey-*.whl"))
    if len(wheels) != 1 or not (ROOT / "frontend" / "out").is_dir():
        raise FileNotFoundError("dist must have one wheel, and frontend/out the pages")
    (here / "dist").mkdir(parents=True)
    shutil.copy(wheels[0], here / "dist")
    for name in PROJECT:
        (here / name).parent.mkdir(exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, here / name)
        else:
            shutil.copy(ROOT / name, here / name)
    return here


def walk(machine: Machine) -> dict[str, float]:
    """Carry out the commands, and return the seconds of each step.

    The first step downloads, so it has the network of whoever runs the drill.
    """
    first, *others = commands(MANUAL.read_text(), CHANGES).values()
    with lent_network(machine.root):
        seconds = _typed(machine, [first], has_network=True)
    seconds += _typed(machine, others)
    return dict(zip(STEPS, seconds, strict=True))


def _typed(machine: Machine, steps: Iterable[str], *, has_network: bool = False) -> list[float]:
    """Run steps in one shell, which ends at the first command that fails."""
    script = _MARK.join([f"cd {_HERE}\n", *steps, ""])
    ended = subprocess.run(  # noqa: S603 - the manual's own commands
        machine.command("bash", "-euxo", "pipefail", "-c", script, has_network=has_network),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise RuntimeError(f"the commands ended with {ended.returncode}: {ended.stderr[-3000:]}")
    instants = [float(instant) for instant in ended.stdout.split(SEEN)[1::2]]
    return [after - before for before, after in pairwise(instants)]
