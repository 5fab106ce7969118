"""The table of all settings, and how they are read from the environment.

The table is in `groups`, a module for each capability. A setting is a field there. Everything else
is generated from it: how it is read, `.env.example`, and the table in the operations manual
(`./justw settings`).
"""

from latchkey.entrypoints.settings.cautions import cautions_of
from latchkey.entrypoints.settings.environment import Environment
from latchkey.entrypoints.settings.from_environment import (
    SettingsError,
    environment_of,
    from_env,
)
from latchkey.entrypoints.settings.groups.server import ServerSettings
from latchkey.entrypoints.settings.model import Settings

__all__ = [
    "Environment",
    "ServerSettings",
    "Settings",
    "SettingsError",
    "cautions_of",
    "environment_of",
    "from_env",
]
