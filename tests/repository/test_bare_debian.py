"""The manual's way from a bare Debian, as far as it can be read; `soak.host` carries it out."""

import re
import shlex
import subprocess
from typing import Final

import pytest

from harness.postgres import MANUAL
from latchkey.entrypoints.settings import Settings, from_env
from production.proxies import DEPLOY
from repository.test_containers import documented
from soak.containerfile import ROOT
from soak.walk import CHANGES, PROJECT, commands

COPIED: Final = re.compile(r"\b(deploy/[\w.]+|requirements\.lock|frontend/out)")
SECRET: Final = "6vJ0mXq3sPz8LwYb1cRk5nTf7hDg2uEa"


@pytest.fixture
def script() -> str:
    """The commands of all steps, with what the drill changes."""
    return "".join(commands(MANUAL.read_text(), CHANGES).values())


def settings_of(script: str) -> dict[str, str]:
    """Read the lines that are added to `.env`, as the shell would."""
    [lines] = re.findall(
        r"^cat >>/etc/latchkey/\.env <<END\n(.+?)^END$", script, re.MULTILINE | re.DOTALL
    )
    values = dict(line.split("=", 1) for line in lines.splitlines())
    return {name: re.sub(r"\$\w+", "auth.example.com", value) for name, value in values.items()}


def test_a_shell_understands_each_command(script: str) -> None:
    parsed = subprocess.run(  # noqa: S603 - the manual's commands, which are only read
        ["/usr/bin/env", "bash", "-n", "-c", script], capture_output=True, text=True, check=False
    )

    assert (parsed.returncode, parsed.stderr) == (0, "")


def test_what_is_copied_is_there_and_the_drill_copies_it(script: str) -> None:
    named = set(COPIED.findall(script))

    assert {name for name in named if name.startswith("deploy/")} >= {
        f"deploy/latchkey.{kind}" for kind in ("service", "sysusers", "tmpfiles")
    }
    assert [
        name for name in named if name.startswith("deploy/") and not (ROOT / name).exists()
    ] == []
    assert {name.partition("/")[0] for name in named} == {
        name.partition("/")[0] for name in PROJECT
    }


def test_the_settings_are_those_of_a_production_service(script: str) -> None:
    environ = settings_of(script)

    settings: Settings = from_env(environ | {"JWT_SECRET": SECRET})

    assert environ.keys() <= documented()
    assert settings.environment == "production"
    assert f"127.0.0.1:{settings.server.port}" in (DEPLOY / "nginx.conf").read_text()


def test_the_unit_finds_what_the_commands_create(script: str) -> None:
    unit = (DEPLOY / "latchkey.service").read_text()
    program, *_ = shlex.split(re.findall(r"^ExecStart=(.+)$", unit, re.MULTILINE)[0])
    [environment] = re.findall(r"^EnvironmentFile=(.+)$", unit, re.MULTILINE)

    assert f"python3 -m venv {program.removesuffix('/bin/latchkey')}\n" in script
    assert f"latchkey secrets --to {environment}\n" in script


def test_the_installer_is_the_one_of_the_lock(script: str) -> None:
    [version] = re.findall(r"\buv==(\S+)", script)

    assert f"\nuv=={version} \\\n" in (ROOT / "requirements.lock").read_text()
