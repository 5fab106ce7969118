"""What every command begins with: the settings, or a line for each fault and an end."""

import os
import sys
from typing import NoReturn

import click
from dotenv import dotenv_values

from entrypoints import logs
from entrypoints.development import settle
from entrypoints.settings import Settings, SettingsError


def load() -> tuple[Settings, dict[str, str]]:
    """Read the settings from the environment and from `.env`, and set up logging.

    Returns:
        The settings, and the environment that gives them to another process.
    """
    try:
        settings, environ = settle({**_dot_env(), **os.environ})
    except SettingsError as error:
        fail(*error.faults)
    logs.configure(settings.log_level, as_json=settings.is_production)
    return settings, environ


def fail(*lines: str) -> NoReturn:
    """End the command with a line for each fault, exit status 1."""
    for line in lines:
        click.secho(line, fg="red", err=True)
    sys.exit(1)


def _dot_env() -> dict[str, str]:
    return {name: value for name, value in dotenv_values(".env").items() if value is not None}
