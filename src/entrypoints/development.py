"""Development without configuration: creates a signing secret if none is set."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from latchkey.entrypoints.settings import Settings, SettingsError, from_env

_FILE: Final = "jwt_secret"


def with_secret(settings: Settings, environ: Mapping[str, str]) -> tuple[Settings, dict[str, str]]:
    """Outside production, create and store a signing secret if none is set.

    Args:
        settings: What the environment says.
        environ: The environment variables.

    Returns:
        The settings, and the environment variables that pass them to another process.

    Raises:
        SettingsError: The secret cannot be stored or read.
    """
    if settings.is_production or settings.tokens.access_secrets:
        return settings, dict(environ)
    try:
        secret = _stored_secret(settings.home)
    except OSError as error:
        wrong = f"LATCHKEY_HOME: {settings.home} cannot be used ({error.strerror})"
        right = "must be a directory that this user may write to"
        raise SettingsError((f"{wrong}; {right}",)) from error
    complete = {**environ, "JWT_SECRET": secret}
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
