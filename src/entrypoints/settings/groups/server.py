"""Settings of the HTTP server."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import ClassVar, Final

from typing_extensions import override

from latchkey.entrypoints.cores import cores
from latchkey.entrypoints.settings.kinds import (
    ADDRESS,
    BOOLEAN,
    HOSTS,
    HTTPS_ORIGINS,
    NETWORKS,
    ORIGINS,
    PATH,
    Network,
    duration,
    integer,
    optional,
)
from latchkey.entrypoints.settings.variable import Change, Computed, Group, setting

_DEV_ORIGINS: Final = "http://localhost:3000,http://127.0.0.1:3000"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings(Group):
    """Where the server listens, and whose requests it accepts."""

    title: ClassVar[str] = "Server"

    host: str = setting("HOST", ADDRESS, "127.0.0.1", doc="The IP address to listen on.")
    port: int = setting("PORT", integer(1, 65_535), "8000", doc="The port to listen on.")
    workers: int = setting(
        "WORKERS",
        integer(1, 256),
        "1",
        production=Change(default=Computed("one per core", cores)),
        doc="The number of worker processes.",
    )
    certificate: Path | None = setting(
        "TLS_CERT",
        optional(PATH),
        doc="A PEM file with the certificate chain, if TLS ends in the server itself."
        " Set TLS_KEY with it.",
    )
    key: Path | None = setting(
        "TLS_KEY",
        optional(PATH),
        doc="A PEM file with the certificate's private key. Set TLS_CERT with it.",
    )
    head_timeout: timedelta = setting(
        "HEAD_TIMEOUT",
        duration(timedelta(seconds=1), timedelta(minutes=10)),
        "10s",
        doc="How long a connection may wait for a request, and how long its head may take. Longer"
        " than a proxy keeps idle connections to the service.",
    )
    hsts_max_age: timedelta = setting(
        "HSTS_MAX_AGE",
        duration(timedelta(0), timedelta(days=3660)),
        "365d",
        doc="How long browsers remember that this host is reached over https only (RFC 6797). In"
        " production alone; 0s makes them forget it.",
    )
    hsts_subdomains: bool = setting(
        "HSTS_SUBDOMAINS",
        BOOLEAN,
        "true",
        doc="Whether they remember it of all hosts below this one, too.",
    )
    trusted_proxies: tuple[Network, ...] = setting(
        "TRUSTED_PROXIES", NETWORKS, doc="The proxies whose forwarded headers the service trusts."
    )
    allowed_hosts: frozenset[str] = setting(
        "ALLOWED_HOSTS",
        HOSTS,
        "localhost,127.0.0.1,[::1]",
        production=Change(default="", is_required=True),
        test=Change(default=""),
        doc="The host names that the service accepts requests for, besides HOST; with a port only"
        " where clients send one. In tests, if unset: any.",
    )
    allowed_origins: frozenset[str] = setting(
        "CORS_ORIGINS",
        ORIGINS,
        _DEV_ORIGINS,
        production=Change(default="", kind=HTTPS_ORIGINS),
        doc="Other origins that browsers may send credentials from, exactly as browsers send them."
        " In production they must be https or of apps, such as capacitor://localhost and"
        " chrome-extension://….",
    )
    shows_docs: bool = setting(
        "DOCS",
        BOOLEAN,
        "true",
        production=Change(default="false"),
        doc="Whether /docs and /openapi.json are served.",
    )
    frontend: Path | None = setting(
        "FRONTEND_DIR",
        optional(PATH),
        doc="A directory with an exported front end to serve beside the API.",
    )

    @property
    def accepted_hosts(self) -> frozenset[str]:
        """The hosts that requests may name, lower case; empty for any."""
        own = f"[{self.host}]" if ":" in self.host else self.host
        return self.allowed_hosts | {own} if self.allowed_hosts else self.allowed_hosts

    @property
    def hsts(self) -> str:
        """The value of `Strict-Transport-Security` (RFC 6797, section 6.1)."""
        subdomains = "; includeSubDomains" if self.hsts_subdomains else ""
        return f"max-age={int(self.hsts_max_age.total_seconds())}{subdomains}"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the service."""
        return ip_address(self.host).is_loopback

    @property
    def url(self) -> str:
        """Scheme and authority of the address that the server listens on."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}"

    @property
    def page_url(self) -> str:
        """The address of the pages, if nothing else is known of it.

        In development that is a name, since passkeys cannot be bound to an IP address.
        """
        is_named = self.host == "127.0.0.1" and "localhost" in self.allowed_hosts
        return f"http://localhost:{self.port}" if is_named and self.tls is None else self.url

    @property
    def tls(self) -> tuple[Path, Path] | None:
        """Certificate chain and key, or None if TLS ends elsewhere."""
        return (self.certificate, self.key) if self.certificate and self.key else None

    @override
    def faults(self) -> Iterator[str]:
        if self.certificate and not self.key:
            yield "TLS_KEY: is not set; must be the path of the private key of TLS_CERT"
        if self.key and not self.certificate:
            yield "TLS_CERT: is not set; must be the path of the certificate chain of TLS_KEY"

    @override
    def cautions(self) -> Iterator[str]:
        if self.tls is None and not self.trusted_proxies:
            yield (
                "TLS_CERT, TRUSTED_PROXIES: neither is set, so no request can arrive over HTTPS,"
                " and the service rejects all of them"
            )
