"""Development without configuration: creates a signing secret if none is set."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from latchkey.entrypoints.settings import Environment, Settings, from_env

_FILE: Final = "jwt_secret"


def load_settings(environ: Mapping[str, str]) -> tuple[Settings, dict[str, str]]:
    """Read the settings. Outside production, create and store a signing secret if none is set.

    Returns:
        The settings, and the environment variables that pass them to another process.

    Raises:
        SettingsError: At least one setting is invalid. Has one line for each fault.
    """
    settings = from_env(environ)
    if settings.environment is Environment.PRODUCTION or settings.tokens.access_secrets:
        return settings, dict(environ)
    complete = {**environ, "JWT_SECRET": _stored_secret(settings.home)}
    return from_env(complete), complete


def _stored_secret(home: Path) -> str:
    """Return the secret stored in the home directory; create it first if it is missing."""
    home.mkdir(parents=True, exist_ok=True)
    path = home / _FILE
    draft = home / f"{_FILE}.{os.getpid()}"
    if not path.exists():
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(32))
        try:
            os.link(draft, path)  # fails if another process was faster
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
