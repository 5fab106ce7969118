"""What every command begins with: the settings, or a line for each fault and an end."""

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
        The settings, and the environment that gives them to another process.
    """
    try:
        settings, environ = load_settings({**_dot_env(), **os.environ})
    except SettingsError as error:
        fail(*error.faults)
    logs.configure(settings.log_level, as_json=settings.is_production)
    return settings, environ


def fail(*lines: str) -> NoReturn:
    """End the command with a line for each fault, exit status 1."""
    for line in lines:
        click.secho(line, fg="red", err=True)
    sys.exit(1)


def tell(step: str, *, is_over: bool = True) -> None:
    """Say on a terminal what takes its time now; scripts get the outcome alone.

    Args:
        step: What is being done.
        is_over: Whether the next line goes below this one, and not over it.
    """
    if sys.stderr.isatty():
        click.secho(f"\r{step} ...", dim=True, err=True, nl=is_over)


def _dot_env() -> dict[str, str]:
    return {name: value for name, value in dotenv_values(".env").items() if value is not None}
