"""Development without configuration: creates the secrets that are not set."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from latchkey.entrypoints.settings import Settings, SettingsError, from_env


def with_secrets(settings: Settings, environ: Mapping[str, str]) -> tuple[Settings, dict[str, str]]:
    """Outside production, create and store the secrets that are not set.

    These are the one that signs tokens, and the one of second factors.

    Args:
        settings: What the environment says.
        environ: The environment variables.

    Returns:
        The settings, and the environment variables that pass them to another process.

    Raises:
        SettingsError: The secret cannot be stored or read.
    """
    missing = {
        "JWT_SECRET": not settings.tokens.access_secrets,
        "FACTOR_SECRET": not settings.factors.secrets,
    }
    if settings.is_production or not any(missing.values()):
        return settings, dict(environ)
    try:
        created = {
            name: _stored_secret(settings.home, name.lower())
            for name, is_missing in missing.items()
            if is_missing
        }
    except OSError as error:
        wrong = f"LATCHKEY_HOME: {settings.home} cannot be used ({error.strerror})"
        right = "must be a directory that this user may write to"
        raise SettingsError((f"{wrong}; {right}",)) from error
    complete = {**environ, **created}
    return from_env(complete), complete


def _stored_secret(home: Path, name: str) -> str:
    """Return the secret stored in the home directory; create it first if it is missing."""
    home.mkdir(parents=True, exist_ok=True)
    path = home / name
    draft = home / f"{name}.{os.getpid()}"
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
