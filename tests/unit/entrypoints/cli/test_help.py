"""What `latchkey --help` and the help of each command tell a newcomer."""

import re

import click
import pytest
from click.testing import CliRunner

from latchkey.entrypoints.cli import main

WIDTH = 80
CONTEXT = click.Context(main)
COMMANDS = main.list_commands(CONTEXT)


def help_of(*command: str) -> str:
    return CliRunner().invoke(main, [*command, "--help"]).stdout


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)], ids=" ".join)
def test_help_is_laid_out_for_a_terminal(command: list[str]) -> None:
    lines = help_of(*command).splitlines()

    assert [line for line in lines if len(line) > WIDTH] == []
    assert [line for line in lines if "\\b" in line or "\b" in line] == []


def test_every_command_has_a_summary_that_fits_its_line() -> None:
    listed = re.findall(
        r"^  ([a-z-]+)  +(\S.*)$", help_of().partition("Commands:")[2], re.MULTILINE
    )

    assert [name for name, _ in listed] == COMMANDS
    assert [summary for _, summary in listed if not re.search(r"[^.]\.$", summary)] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_the_summary_of_a_command_is_the_first_line_of_its_help(name: str) -> None:
    listed = help_of().partition("Commands:")[2]

    summary = help_of(name).splitlines()[2].strip()

    assert re.search(rf"^  {name}  +{re.escape(summary)}$", listed, re.MULTILINE)


def test_every_command_that_the_walks_name_is_there() -> None:
    walks = help_of().partition("Commands:")[0]

    named = re.findall(r"^ +latchkey ([a-z-]+) ", walks, re.MULTILINE)

    assert named
    assert set(named) <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_is_for(name: str) -> None:
    command = main.get_command(CONTEXT, name)
    assert command is not None
    options = [one for one in command.params if one.param_type_name == "option"]

    assert [option.name for option in options if not getattr(option, "help", None)] == []
