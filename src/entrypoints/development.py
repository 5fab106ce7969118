"""What development doesn't ask to be set: a signing secret of its own."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from latchkey.entrypoints.settings import Environment, Settings, from_env

_FILE: Final = "jwt_secret"


def load_settings(environ: Mapping[str, str]) -> tuple[Settings, dict[str, str]]:
    """Read the settings; outside production a missing signing secret is made once and kept.

    Returns:
        The settings, and the environment that gives them to another process.

    Raises:
        SettingsError: One line for everything that is wrong.
    """
    settings = from_env(environ)
    if settings.environment is Environment.PRODUCTION or settings.tokens.access_secrets:
        return settings, dict(environ)
    complete = {**environ, "JWT_SECRET": _kept_secret(settings.home)}
    return from_env(complete), complete


def _kept_secret(home: Path) -> str:
    """Read the secret beside the embedded database, or make it; all processes get the same."""
    home.mkdir(parents=True, exist_ok=True)
    path = home / _FILE
    draft = home / f"{_FILE}.{os.getpid()}"
    if not path.exists():
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(32))
        try:
            os.link(draft, path)  # fails where another process was faster
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
