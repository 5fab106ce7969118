"""Questions to a person at a terminal."""

import sys

import click

from latchkey.entrypoints.cli.environment import fail


def asked(question: str, option: str, *, is_secret: bool = False) -> str:
    """Ask for a value; end the command if nobody is there to answer.

    Args:
        question: The name of the value.
        option: By which option a script gives the value instead.
        is_secret: Whether to hide what is typed, and to ask twice.
    """
    if not sys.stdin.isatty():
        fail(f"{question}: standard input is not a terminal, so nobody can be asked; use {option}")
    answer: str = click.prompt(question, hide_input=is_secret, confirmation_prompt=is_secret)
    return answer


def confirmed(question: str, option: str) -> None:
    """Ask whether to go on; end the command with exit status 1 if not, or if nobody can be asked.

    Args:
        question: What would be done, as a question.
        option: By which option a script says yes.
    """
    if not sys.stdin.isatty():
        fail(f"{question} Standard input is not a terminal, so nobody can be asked; use {option}")
    click.confirm(question, abort=True)
