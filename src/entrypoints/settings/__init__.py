"""What can be set, and how it is read: `from_env` is pure and reports every fault at once."""

from latchkey.entrypoints.settings.cautions import cautions_of
from latchkey.entrypoints.settings.from_environment import from_env
from latchkey.entrypoints.settings.model import Environment, ServerSettings, Settings, TokenSettings
from latchkey.entrypoints.settings.reader import SettingsError

__all__ = [
    "Environment",
    "ServerSettings",
    "Settings",
    "SettingsError",
    "TokenSettings",
    "cautions_of",
    "from_env",
]
