"""What every command starts with: reading the settings, and reporting."""

import os
import sys
from typing import NoReturn

import click
from dotenv import dotenv_values

from latchkey.entrypoints.development import load_settings
from latchkey.entrypoints.observability import logs
from latchkey.entrypoints.settings import Settings, SettingsError


def load() -> tuple[Settings, dict[str, str]]:
    """Read the settings from the environment and from `.env`, and set up logging.

    Returns:
        The settings, and the environment variables that pass them to another process.
    """
    try:
        settings, environ = load_settings(environ_of_commands())
    except SettingsError as error:
        fail(*error.faults)
    logs.configure(settings.log_level, as_json=settings.is_production)
    return settings, environ


def environ_of_commands() -> dict[str, str]:
    """Return the environment variables, with those of `.env` that they do not set."""
    return {**_dot_env(), **os.environ}


def fail(*lines: str) -> NoReturn:
    """Print error lines, and end the command with exit status 1."""
    for line in lines:
        click.secho(line, fg="red", err=True)
    sys.exit(1)


def report(step: str, *, is_over: bool = True) -> None:
    """Print the current step, if standard error is a terminal.

    Args:
        step: What is being done.
        is_over: Whether to end the line. If not, the next report overwrites it.
    """
    if sys.stderr.isatty():
        click.secho(f"\r{step} ...", dim=True, err=True, nl=is_over)


def _dot_env() -> dict[str, str]:
    return {name: value for name, value in dotenv_values(".env").items() if value is not None}
