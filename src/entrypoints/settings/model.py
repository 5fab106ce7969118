"""What can be set."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from latchkey.application.sign_in.login_throttle import LoginLimits
from latchkey.domain.sessions.session import SessionPolicy
from latchkey.domain.throttling.rate import Rate
from latchkey.entrypoints.settings.values import Network


class Environment(StrEnum):
    """Where the service runs. `TEST` is development with cheap password hashes allowed."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"
    TEST = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """Where the server listens, and who may speak to it.

    Attributes:
        workers: Processes, >= 1.
        tls: Paths of certificate chain and key (PEM), or None where TLS ends elsewhere.
        trusted_proxies: Whose forwarded headers are believed.
        allowed_hosts: Lower-case host names, a port beside them only where it matters; empty
            allows any.
        allowed_origins: Other origins that browsers may send credentials from.
        frontend: A directory with an exported front end to serve beside the API, or None.
    """

    host: str
    port: int
    workers: int
    tls: tuple[Path, Path] | None
    trusted_proxies: tuple[Network, ...]
    allowed_hosts: frozenset[str]
    allowed_origins: frozenset[str]
    shows_docs: bool
    frontend: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenSettings:
    """How tokens are signed. Of each list the first signs and all verify.

    Attributes:
        access_secrets: Empty only where development makes one at the first start.
        refresh_secrets: Empty to derive them from `access_secrets`.
        access_lifetime: timedelta, 1 s to 1 h.
    """

    access_secrets: tuple[str, ...] = field(repr=False)
    refresh_secrets: tuple[str, ...] = field(repr=False)
    access_lifetime: timedelta
    issuer: str
    audience: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set.

    Attributes:
        home: Where development keeps its database and secret.
        database_url: None for the embedded PostgreSQL; hidden in `repr`.
        refresh_limit: For one session in each worker; None turns it off.
        session_retention: How long a session is kept after its absolute expiry.
        pool_size: Database connections of each worker, >= 1.
        bcrypt_rounds: Binary logarithm of the cost, 10 to 15; less only in tests.
        cookie_name: Of the refresh token's cookie.
        cookie_is_secure: Whether it travels over HTTPS alone.
    """

    environment: Environment
    server: ServerSettings
    tokens: TokenSettings
    sessions: SessionPolicy
    refresh_limit: Rate | None
    session_retention: timedelta
    login_limits: LoginLimits
    home: Path
    database_url: str | None = field(repr=False)
    pool_size: int
    bcrypt_rounds: int
    allow_bootstrap: bool
    cookie_name: str
    cookie_is_secure: bool
    log_level: str

    @property
    def is_production(self) -> bool:
        """Whether the rules of production hold."""
        return self.environment is Environment.PRODUCTION
