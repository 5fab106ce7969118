"""What every command starts with: reading the settings, and reporting."""

import os
import sys
from typing import NoReturn

import click

from latchkey.entrypoints.cli.dot_env import read_dot_env
from latchkey.entrypoints.development import with_secrets
from latchkey.entrypoints.observability import logs
from latchkey.entrypoints.settings import (
    Environment,
    Settings,
    SettingsError,
    environment_of,
    from_env,
)
from latchkey.entrypoints.settings.kinds import ADDRESS


def load(*, changes_nothing: bool = False) -> tuple[Settings, dict[str, str]]:
    """Read the settings from the environment and from `.env`, and set up logging.

    Args:
        changes_nothing: Whether to leave secrets unset where development would create them.

    Returns:
        The settings, and the environment variables that pass them to another process.
    """
    try:
        environ = _environ(read_dot_env())
        settings = from_env(environ)
        if not changes_nothing:
            settings, environ = with_secrets(settings, environ)
    except SettingsError as error:
        fail(*error.faults)
    logs.configure(settings.log_level, as_json=settings.is_production)
    return settings, environ


def environ_of_commands() -> dict[str, str]:
    """Return the environment variables, with those of `.env` that they do not set."""
    try:
        return {**read_dot_env(), **os.environ}
    except SettingsError as error:
        fail(*error.faults)


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


def _environ(dot_env: dict[str, str]) -> dict[str, str]:
    """Return all variables. Outside production, leave out a HOST that is none of ours.

    Conda and tcsh export HOST, with the name of a platform or a machine.
    """
    environ = {**dot_env, **os.environ}
    host = os.environ.get("HOST", "").strip()
    if not host or environment_of(environ) is Environment.PRODUCTION:
        return environ
    try:
        ADDRESS.parse(host)
    except ValueError:
        click.secho(
            f"HOST: is {host!r}, as conda or a shell sets it; ignored outside production,"
            " for it is not an IP address",
            fg="yellow",
            err=True,
        )
        environ["HOST"] = dot_env.get("HOST", "")
    return environ
