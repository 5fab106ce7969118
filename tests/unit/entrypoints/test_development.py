"""Development makes the secrets that are not set, once."""

import stat
from pathlib import Path
from typing import Final

import pytest

from latchkey.entrypoints.development import with_secrets
from latchkey.entrypoints.settings import Settings, SettingsError, from_env

MADE: Final = ("JWT_SECRET", "FACTOR_SECRET")
SECRET: Final = "Kx7PzW2nQ8rVt5Bj0DhGm4YcLs9FuEa3"
PRODUCTION: Final = {
    "APP_ENV": "production",
    "JWT_SECRET": SECRET,
    "DATABASE_URL": "postgresql://app@db/auth",
    "ALLOWED_HOSTS": "auth.example.com",
}


def prepared(home: Path, **environ: str) -> tuple[Settings, dict[str, str]]:
    given = {"LATCHKEY_HOME": str(home), **environ}
    return with_secrets(from_env(given), given)


def test_secrets_are_made_once_for_their_owner_alone(tmp_path: Path) -> None:
    first, environ = prepared(tmp_path)
    second, _ = prepared(tmp_path)

    for name in MADE:
        file = tmp_path / name.lower()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert environ[name] == file.read_text()
    assert first.tokens.access_secrets == second.tokens.access_secrets == (environ["JWT_SECRET"],)
    assert first.factors.secrets == second.factors.secrets == (environ["FACTOR_SECRET"],)
    assert first.factors.secrets != first.tokens.access_secrets


@pytest.mark.parametrize("given", MADE)
def test_a_secret_that_is_set_is_kept_and_the_other_one_is_made(tmp_path: Path, given: str) -> None:
    _, environ = prepared(tmp_path, **{given: SECRET})

    [made] = (name for name in MADE if name != given)
    assert (environ[given], len(environ[made])) == (SECRET, 64)
    assert [file.name for file in tmp_path.iterdir()] == [made.lower()]


def test_production_makes_none(tmp_path: Path) -> None:
    settings, environ = prepared(tmp_path, **PRODUCTION)

    assert settings.factors.secrets == ()
    assert "FACTOR_SECRET" not in environ
    assert [*tmp_path.iterdir()] == []


def test_a_directory_that_cannot_be_used_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(SettingsError) as refused:
        prepared(tmp_path / "file")

    [fault] = refused.value.faults
    assert fault.startswith("LATCHKEY_HOME: ")
