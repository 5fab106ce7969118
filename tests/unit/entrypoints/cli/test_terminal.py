"""What the commands do for whoever sits at a terminal."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass

import click
import pytest
from click.testing import CliRunner

from latchkey.adapters.memory import MemoryStorage
from latchkey.domain.audit.event import AuditAction, RequestSource, event
from latchkey.entrypoints.cli import audit, main
from latchkey.testing.frozen_clock import FrozenClock


@dataclass(frozen=True)
class OnlyStorage:
    """As much of the container as the command asks for."""

    of: MemoryStorage

    def storage(self) -> MemoryStorage:
        return self.of


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


def test_the_audit_log_shows_the_request_that_a_client_can_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    storage = MemoryStorage(FrozenClock())
    source = RequestSource(address="203.0.113.9", request_id="b10c5")
    refused = event(AuditAction.LOGIN_FAILED, storage.clock.now(), source)

    def operate(show: Callable[[OnlyStorage], Coroutine[None, None, None]]) -> None:
        asyncio.run(storage.audit.append(refused))
        asyncio.run(show(OnlyStorage(storage)))

    monkeypatch.setattr(audit, "operate", operate)

    shown = CliRunner().invoke(main, ["audit", "--request", "b10c5"])

    assert "login_failed" in shown.output
    assert "from=203.0.113.9 request=b10c5" in shown.output
