"""Read the settings from the environment."""

import os
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final

from latchkey.application.sign_in.login_throttle import LoginLimits
from latchkey.domain.sessions.session import SessionPolicy
from latchkey.domain.throttling.rate import Rate
from latchkey.entrypoints.settings import secret_quality
from latchkey.entrypoints.settings.model import Environment, ServerSettings, Settings, TokenSettings
from latchkey.entrypoints.settings.reader import EnvironmentReader, read_text
from latchkey.entrypoints.settings.values import (
    address,
    boolean,
    cookie_name,
    database_url,
    duration,
    hosts,
    integer,
    networks,
    one_of,
    origins,
    rate,
    text,
)

_SECOND: Final = timedelta(seconds=1)
_MINUTE: Final = timedelta(minutes=1)
_DAY: Final = timedelta(days=1)
_YEAR: Final = timedelta(days=366)
_DEV_ORIGINS: Final = ("http://localhost:3000", "http://127.0.0.1:3000")
_REFRESH_LIMIT: Final = Rate(count=120, period=_MINUTE)

_retention = duration(0 * _SECOND, 10 * _YEAR)


def from_env(environ: Mapping[str, str], read_file: Callable[[str], str] = read_text) -> Settings:
    """Read the settings from environment variables. Pure but for the files that they name.

    Args:
        environ: Names to values.
        read_file: Gives the text of a file, by its path; asked where a name ends in `_FILE`.

    Raises:
        SettingsError: One line for everything that is wrong, all at once.
    """
    reader = _reader(environ, read_file)
    environment = _environment(reader)
    is_production = environment is Environment.PRODUCTION
    settings = Settings(
        environment=environment,
        server=_server(reader, is_production=is_production),
        tokens=_tokens(reader, is_production=is_production),
        sessions=_sessions(reader),
        refresh_limit=reader.read("REFRESH_LIMIT", rate, default=_REFRESH_LIMIT),
        session_retention=reader.read("SESSION_RETENTION", _retention, default=7 * _DAY),
        login_limits=_login_limits(reader),
        home=reader.read("LATCHKEY_HOME", Path, default=Path(".latchkey")),
        database_url=_database_url(reader, is_production=is_production),
        pool_size=reader.read("POOL_SIZE", integer(1, 1_000), default=10),
        bcrypt_rounds=_bcrypt_rounds(reader, environment),
        allow_bootstrap=reader.read("ALLOW_BOOTSTRAP", boolean, default=not is_production),
        cookie_name=reader.read("REFRESH_COOKIE_NAME", cookie_name, default="refresh_token"),
        cookie_is_secure=reader.read("COOKIE_SECURE", boolean, default=is_production),
        log_level=_log_level(reader, is_production=is_production),
    )
    if is_production:
        _refuse_in_production(reader, settings)
    reader.finish()
    return settings


def _reader(environ: Mapping[str, str], read_file: Callable[[str], str]) -> EnvironmentReader:
    reader = EnvironmentReader(environ)
    for name in ("JWT_SECRET", "REFRESH_SECRET", "DATABASE_URL"):
        reader.load(name, read_file)
    return reader


def _environment(reader: EnvironmentReader) -> Environment:
    name = "APP_ENV" if reader.raw("APP_ENV") else "NODE_ENV"
    choice = reader.read(name, one_of(*Environment), default=str(Environment.DEVELOPMENT))
    return Environment(choice)


def _server(reader: EnvironmentReader, *, is_production: bool) -> ServerSettings:
    return ServerSettings(
        host=reader.read("HOST", address, default="127.0.0.1"),
        port=reader.read("PORT", integer(1, 65_535), default=8000),
        workers=reader.read(
            "WORKERS", integer(1, 256), default=(os.cpu_count() or 1) if is_production else 1
        ),
        tls=_tls(reader),
        trusted_proxies=reader.read("TRUSTED_PROXIES", networks, default=()),
        allowed_hosts=frozenset(reader.read("ALLOWED_HOSTS", hosts, default=())),
        allowed_origins=frozenset(
            reader.read("CORS_ORIGINS", origins, default=() if is_production else _DEV_ORIGINS)
        ),
        shows_docs=reader.read("DOCS", boolean, default=not is_production),
        frontend=reader.read("FRONTEND_DIR", Path, default=None),
    )


def _tokens(reader: EnvironmentReader, *, is_production: bool) -> TokenSettings:
    access = _secrets(reader, "JWT_SECRET")
    refresh = _secrets(reader, "REFRESH_SECRET")
    reader.refuse_if(
        is_production and not reader.is_set("JWT_SECRET"),
        "JWT_SECRET",
        "is unset; must be random and have 32 bytes or more (`latchkey secrets` makes one)",
    )
    reader.refuse_if(
        set(access) & set(refresh), "REFRESH_SECRET", "is JWT_SECRET; must be another secret"
    )
    return TokenSettings(
        access_secrets=access,
        refresh_secrets=refresh,
        access_lifetime=reader.read(
            "JWT_ACCESS_TTL", duration(_SECOND, 60 * _MINUTE), default=15 * _MINUTE
        ),
        issuer=reader.read("JWT_ISSUER", text, default="latchkey"),
        audience=reader.read("JWT_AUDIENCE", text, default="latchkey"),
    )


def _sessions(reader: EnvironmentReader) -> SessionPolicy:
    return SessionPolicy(
        idle=reader.read("JWT_REFRESH_TTL", duration(_MINUTE, _YEAR), default=7 * _DAY),
        absolute=reader.read("SESSION_MAX_AGE", duration(_MINUTE, _YEAR), default=30 * _DAY),
        grace=reader.read(
            "REFRESH_GRACE", duration(0 * _SECOND, 60 * _SECOND), default=10 * _SECOND
        ),
        per_user=reader.read("SESSIONS_PER_USER", integer(1, 10_000), default=100),
    )


def _login_limits(reader: EnvironmentReader) -> LoginLimits:
    per_quarter_hour = 15 * _MINUTE
    return LoginLimits(
        account=reader.read(
            "LOGIN_LIMIT_ACCOUNT", rate, default=Rate(count=10, period=per_quarter_hour)
        ),
        address=reader.read(
            "LOGIN_LIMIT_ADDRESS", rate, default=Rate(count=100, period=per_quarter_hour)
        ),
    )


def _database_url(reader: EnvironmentReader, *, is_production: bool) -> str | None:
    reader.refuse_if(
        is_production and not reader.is_set("DATABASE_URL"),
        "DATABASE_URL",
        "is unset; must be postgresql://user:password@host:5432/database",
    )
    return reader.read("DATABASE_URL", database_url, default=None)


def _bcrypt_rounds(reader: EnvironmentReader, environment: Environment) -> int:
    least = 4 if environment is Environment.TEST else 10
    return reader.read("BCRYPT_ROUNDS", integer(least, 15), default=12)


def _log_level(reader: EnvironmentReader, *, is_production: bool) -> str:
    levels = one_of("debug", "info", "warning", "error")
    return reader.read("LOG_LEVEL", levels, default="warning" if is_production else "info")


def _refuse_in_production(reader: EnvironmentReader, settings: Settings) -> None:
    server = settings.server
    reader.refuse_if(
        settings.allow_bootstrap,
        "ALLOW_BOOTSTRAP",
        "is true; must be false in production (`latchkey create-admin` makes administrators)",
    )
    reader.refuse_if(
        not settings.cookie_is_secure, "COOKIE_SECURE", "is false; must be true in production"
    )
    reader.refuse_if(
        not server.allowed_hosts,
        "ALLOWED_HOSTS",
        "is unset; must list the host names that the service answers to, e.g. auth.example.com",
    )
    for origin in sorted(server.allowed_origins):
        reader.refuse_if(
            origin.startswith("http:"), "CORS_ORIGINS", f"has {origin}; must be https in production"
        )


def _secrets(reader: EnvironmentReader, name: str) -> tuple[str, ...]:
    secrets = tuple(part.strip() for part in (reader.raw(name) or "").split(",") if part.strip())
    for place, secret in enumerate(secrets, start=1):
        if fault := secret_quality.fault_of(secret):
            reader.refuse(f"{name} ({place} of {len(secrets)})" if secrets[1:] else name, fault)
    reader.refuse_if(reader.raw(name) and not secrets, name, "has none; must have a secret")
    return secrets


def _tls(reader: EnvironmentReader) -> tuple[Path, Path] | None:
    certificate, key = reader.raw("TLS_CERT"), reader.raw("TLS_KEY")
    if certificate and key:
        return Path(certificate), Path(key)
    reader.refuse_if(certificate, "TLS_KEY", "is unset; must be the key's path beside TLS_CERT")
    reader.refuse_if(key, "TLS_CERT", "is unset; must be the certificate's path beside TLS_KEY")
    return None
