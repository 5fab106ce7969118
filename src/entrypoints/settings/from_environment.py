"""Reads all settings from the environment."""

from collections.abc import Callable, Mapping
from typing import Final

from latchkey.entrypoints.settings.environment import Environment
from latchkey.entrypoints.settings.model import Settings
from latchkey.entrypoints.settings.reader import EnvironmentReader, read_text
from latchkey.entrypoints.settings.variable import table

_UNNAMED: Final = (
    "APP_ENV: is not set; must be set where HOST is not a loopback address: production, or"
    " development, in which the first visitor can become the administrator"
)


class SettingsError(Exception):
    """The environment has faults; `faults` has a line for each."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        """Create the error from a line for each fault: the name, what is wrong, what to do."""
        super().__init__("\n".join(faults))
        self.faults = faults


def from_env(environ: Mapping[str, str], read_file: Callable[[str], str] = read_text) -> Settings:
    """Read the settings. Pure, except for the files that variables name.

    Args:
        environ: Environment variables; an empty one counts as unset.
        read_file: Returns the text of a file, given its path; called for variables that end in
            `_FILE`.

    Raises:
        SettingsError: The environment has faults; the error has a line for each.
    """
    reader = EnvironmentReader(environ, environment_of(environ), read_file)
    settings = reader.group(Settings)
    if not reader.faults and not settings.server.is_loopback and not _names_environment(environ):
        reader.faults.append(_UNNAMED)
    if reader.faults:
        raise SettingsError(tuple(reader.faults))
    return settings


def environment_of(environ: Mapping[str, str]) -> Environment:
    """Return the environment whose rules apply: development if APP_ENV is invalid."""
    [variable] = (row for row in table(Settings)[Settings.title] if row.name == "APP_ENV")
    environment: Environment = EnvironmentReader(environ, Environment.DEVELOPMENT).read(variable)
    return environment


def _names_environment(environ: Mapping[str, str]) -> bool:
    return bool(environ.get("APP_ENV") or environ.get("NODE_ENV"))
