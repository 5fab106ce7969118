"""What the commands do for whoever sits at a terminal."""

import click
import pytest
from click.testing import CliRunner

from latchkey.entrypoints.cli import audit, main


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def test_ctrl_c_is_the_ordinary_end_of_following_the_audit_log(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(audit, "operate", interrupt)

    ended = CliRunner().invoke(main, ["audit", "--follow"])

    assert (ended.exit_code, ended.output) == (0, "")


def test_ctrl_c_aborts_a_command_that_would_have_ended_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(audit, "operate", interrupt)

    ended = CliRunner().invoke(main, ["audit"])

    assert ended.exit_code == 1


@pytest.mark.parametrize(("no_color", "is_colored"), [("1", False), ("", True)])
def test_no_color_is_respected(
    monkeypatch: pytest.MonkeyPatch, no_color: str, *, is_colored: bool
) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setattr(audit, "operate", lambda _: click.secho("red", fg="red"))

    shown = CliRunner().invoke(main, ["audit"], color=True)

    assert ("\x1b[" in shown.output) is is_colored
