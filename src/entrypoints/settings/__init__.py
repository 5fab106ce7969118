"""What can be set, and how it is read: `from_env` is pure and reports every fault at once."""

from entrypoints.settings.cautions import cautions_of
from entrypoints.settings.from_environment import from_env
from entrypoints.settings.model import Environment, ServerSettings, Settings, TokenSettings
from entrypoints.settings.reader import SettingsError

__all__ = [
    "Environment",
    "ServerSettings",
    "Settings",
    "SettingsError",
    "TokenSettings",
    "cautions_of",
    "from_env",
]
