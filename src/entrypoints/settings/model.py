"""All settings of the service."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import ClassVar, Final
from urllib.parse import urlsplit

from typing_extensions import override

from latchkey.entrypoints.settings.environment import Environment
from latchkey.entrypoints.settings.groups.accounts import AccountSettings
from latchkey.entrypoints.settings.groups.database import DatabaseSettings
from latchkey.entrypoints.settings.groups.factors import (
    LOCALHOST,
    FactorSettings,
    is_name,
    without_port,
)
from latchkey.entrypoints.settings.groups.mail import MAILBOX, ORIGIN, MailSettings
from latchkey.entrypoints.settings.groups.metrics import MetricsSettings
from latchkey.entrypoints.settings.groups.server import ServerSettings
from latchkey.entrypoints.settings.groups.sessions import CookieSettings, SessionSettings
from latchkey.entrypoints.settings.groups.throttling import ThrottlingSettings
from latchkey.entrypoints.settings.groups.tokens import TokenSettings
from latchkey.entrypoints.settings.groups.traces import TracesSettings
from latchkey.entrypoints.settings.kinds import PATH, Kind, one_of
from latchkey.entrypoints.settings.variable import Change, Group, setting

_NAMES: Final = one_of(*Environment)
ENVIRONMENT: Final = Kind(form=_NAMES.form, parse=lambda text: Environment(_NAMES.parse(text)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(Group):
    """All settings: the general ones, and a group for each capability."""

    title: ClassVar[str] = "General"

    environment: Environment = setting(
        "APP_ENV",
        ENVIRONMENT,
        "development",
        stand_in="NODE_ENV",
        doc="Where the service runs; test is like development, but allows cheap password hashes."
        " NODE_ENV is read if this is not set, so that a Node project's .env works as it is.",
    )
    home: Path = setting(
        "LATCHKEY_HOME",
        PATH,
        ".latchkey",
        doc="The directory where development keeps its database, its secret and its mails.",
    )
    log_level: str = setting(
        "LOG_LEVEL",
        one_of("debug", "info", "warning", "error"),
        "info",
        production=Change(default="warning"),
        doc="The least severe log lines to write.",
    )
    server: ServerSettings
    database: DatabaseSettings
    tokens: TokenSettings
    sessions: SessionSettings
    cookie: CookieSettings
    throttling: ThrottlingSettings
    accounts: AccountSettings
    factors: FactorSettings
    mail: MailSettings
    metrics: MetricsSettings
    traces: TracesSettings

    @property
    def is_production(self) -> bool:
        """Whether the service runs in production."""
        return self.environment is Environment.PRODUCTION

    @property
    def has_mailbox(self) -> bool:
        """Whether mails are kept in files and shown, and none is sent."""
        return self.mail.smtp is None and not self.is_production

    @property
    def has_mail(self) -> bool:
        """Whether mails are written at all."""
        return self.mail.smtp is not None or self.has_mailbox

    @property
    def has_second_factors(self) -> bool:
        """Whether users can add a second factor."""
        return bool(self.factors.secrets)

    @property
    def public_url(self) -> str:
        """The origin of the pages, without a path."""
        return self.mail.public_url or self.server.page_url

    @property
    def public_host(self) -> str:
        """The host of the pages' origin, without a port."""
        return _host(self.public_url)

    @property
    def passkey_rp_id(self) -> str | None:
        """What passkeys are bound to, or None if there is no host name for that.

        It never depends on a request: with another host, there would be another set of passkeys.
        """
        return self.factors.rp_id or self._host_of_pages

    @property
    def _host_of_pages(self) -> str | None:
        """The one name that the pages have, or None. Passkeys cannot be bound to an address."""
        if self.mail.public_url is not None:
            return self.public_host if is_name(self.public_host) else None
        names = {host for host in map(without_port, self.server.allowed_hosts) if is_name(host)}
        if not names and not self.is_production:
            return LOCALHOST
        return names.pop() if len(names) == 1 else None

    def has_page(self, origin: str) -> bool:
        """Return whether passkeys may be used on pages of an origin.

        In production these are the exact origins that users can reach. Elsewhere it is any port of
        the host that passkeys are bound to, since development has its pages on several.
        """
        if origin in {self.public_url, *self.server.allowed_origins}:
            return True
        if self.is_production:
            return origin in {f"https://{host}" for host in self.server.accepted_hosts}
        return _host(origin) == self.passkey_rp_id

    @override
    def faults(self) -> Iterator[str]:
        yield from self._faults_of_keys()
        tokens = self.tokens
        if {*self.factors.secrets} & {*tokens.access_secrets, *tokens.refresh_secrets}:
            yield (
                "FACTOR_SECRET: is the same as JWT_SECRET or REFRESH_SECRET; must be a different"
                " secret"
            )
        if self.is_production and self.factors.required_roles and not self.has_second_factors:
            yield "FACTOR_SECRET: is not set; must be set with MFA_REQUIRED_ROLES"
        if self.cookie.has_secure_name and not (self.cookie.is_secure or self.is_production):
            yield (
                "REFRESH_COOKIE_NAME: begins with __Secure-, so browsers would drop the cookie;"
                " must be another name, or with COOKIE_SECURE=true"
            )
        if self.metrics.port == self.server.port:
            yield "METRICS_PORT: is PORT; must be another port"
        if self.mail.smtp is not None:
            yield from self._missing_for_mail()
        if self.mail.public_url is not None and not self._is_accepted(self.mail.public_url):
            yield (
                f"PUBLIC_URL: is {self.mail.public_url!r}; must be of a host in ALLOWED_HOSTS, or"
                " an origin in CORS_ORIGINS"
            )

    def _missing_for_mail(self) -> Iterator[str]:
        if not self.mail.given_sender:
            yield f"MAIL_FROM: is not set; must be set with SMTP_URL: {MAILBOX.form}"
        if not self.mail.contact:
            yield "MAIL_CONTACT: is not set; must be set with SMTP_URL: an address or a URL"
        if self.is_production and self.mail.public_url is None:
            yield f"PUBLIC_URL: is not set; must be set with SMTP_URL: {ORIGIN.form}"

    def _is_accepted(self, origin: str) -> bool:
        """Return whether pages of an origin may use the service."""
        hosts = self.server.accepted_hosts
        is_own = not hosts or not hosts.isdisjoint({urlsplit(origin).netloc, _host(origin)})
        return is_own or origin in self.server.allowed_origins

    def _faults_of_keys(self) -> Iterator[str]:
        tokens = self.tokens
        if not self.is_production or not tokens.keys:
            return
        if not tokens.access_secrets and not tokens.refresh_secrets:
            yield (
                "REFRESH_SECRET: is not set; must be set beside JWT_KEYS,"
                " unless it can be derived from JWT_SECRET"
            )
        if not (tokens.issuer_origin or "").startswith("https://"):
            yield (
                "JWT_ISSUER: is not where others find the public keys; must be the address of the"
                " service, such as https://auth.example.com"
            )

    def groups(self) -> Iterator[Group]:
        """Yield the group of each capability."""
        values = (getattr(self, each.name) for each in fields(self))
        return (value for value in values if isinstance(value, Group))


def _host(origin: str) -> str:
    host = urlsplit(origin).hostname or ""
    return f"[{host}]" if ":" in host else host
