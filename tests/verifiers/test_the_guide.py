"""What docs/verifying.md has a newcomer do: from an empty directory to a login in the metrics."""

import shlex
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest

from harness.programs import running
from harness.service import LATCHKEY, Installation, free_port, reserved_port
from repository.walk import STEP, blocks, strays, walked
from verifiers.programs import ROOT, libraries

GUIDE: Final = (ROOT / "docs" / "verifying.md").read_text()
[SERVE], [VERIFY] = (blocks(GUIDE, f"sh {name}") for name in ("serve", "verify"))
TRY: Final = "".join(blocks(GUIDE, "sh try"))
TEMPORARY: Final = "/tmp/"  # noqa: S108 - of the newcomer


@pytest.fixture
def home() -> Iterator[Path]:
    """Make a directory that PostgreSQL's user may enter, too: none of pytest's."""
    with TemporaryDirectory(prefix="latchkey-") as home:
        Path(home).chmod(0o755)
        yield Path(home)


def _changed(commands: str, changes: Mapping[str, str]) -> str:
    for readers, ours in changes.items():
        commands = commands.replace(readers, ours)
    return commands


def test_a_newcomer_verifies_a_token_and_sees_the_login_in_the_metrics(home: Path) -> None:
    with ExitStack() as stack:
        ports = [str(stack.enter_context(reserved_port())) for _ in range(2)]
        ports.insert(1, str(free_port()))  # for Node
        ours = {
            f"127.0.0.1:{readers}": f"127.0.0.1:{port}"
            for readers, port in zip((8000, 3000, 9464), ports, strict=True)
        }
        places = {**ours, TEMPORARY: f"{home}/", "PORT=9464": f"PORT={ports[2]}"}
        new, settings, serve = _changed(SERVE, places).splitlines()
        verify = _changed(
            VERIFY,
            {
                **places,
                "sed ": f"sed -e s,3000,{ports[1]}, -e ",
                "docs/": f"{ROOT}/docs/",
                "npm install express jose": f"ln -s {libraries()}/node_modules .",
                "node ": "exec node ",
            },
        )
        service = Installation(home=home, environ={}, latchkey=LATCHKEY)
        assert service.run(*shlex.split(new)[1:]).returncode == 0
        assert serve == "./justw serve"
        environ = dict(each.split("=") for each in shlex.split(settings)[1:])
        stack.enter_context(service.serving(PORT=ports[0], **environ))
        command = ["/usr/bin/env", "bash", "-euo", "pipefail", "-c", verify]
        stack.enter_context(running(command, home, int(ports[1])))

        told = walked(TRY, home, ours)

    assert strays(TRY, told) == []


def test_the_guide_has_no_command_whose_answer_is_not_shown() -> None:
    assert set(STEP.sub("", TRY).splitlines()) <= {""}
