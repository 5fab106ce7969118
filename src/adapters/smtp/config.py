"""Where the mail server is, and how it is reached."""

from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit


class Tls(StrEnum):
    """How a connection is encrypted. There is no fall-back to an unencrypted one."""

    STARTTLS = "starttls"
    """From the command STARTTLS on (RFC 3207); no server without it is used."""
    IMPLICIT = "implicit"
    """From the first byte on (RFC 8314, section 3.3)."""
    NONE = "none"
    """Not at all. For a server on this machine only."""


_SCHEMES: Final = {"smtp": (Tls.STARTTLS, 587), "smtps": (Tls.IMPLICIT, 465)}


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpConfig:
    """A mail server.

    Attributes:
        host: A host name, which its certificate must have, or an IP address.
        user: The name to authenticate with, or None.
        password: Hidden in `repr`; "" without a user.
    """

    host: str
    port: int
    tls: Tls
    user: str | None = None
    password: str = field(default="", repr=False)

    @classmethod
    def of(cls, url: str) -> "SmtpConfig":
        """Parse `smtp://user:password@host:587` or `smtps://user:password@host:465`.

        User and password may be left out, and are percent-encoded. `?tls=none` is allowed for a
        loopback host.

        Raises:
            ValueError: The URL has another form.
        """
        parts = urlsplit(url)
        if parts.scheme not in _SCHEMES or not parts.hostname or parts.path.strip("/"):
            raise ValueError(url)
        if parts.fragment or (parts.password and not parts.username):
            raise ValueError(url)
        tls, port = _SCHEMES[parts.scheme]
        return cls(
            host=parts.hostname,
            port=port if parts.port is None else parts.port,
            tls=_tls(parts, tls),
            user=unquote(parts.username, errors="strict") if parts.username else None,
            password=unquote(parts.password or "", errors="strict"),
        )


def _tls(parts: SplitResult, tls: Tls) -> Tls:
    options = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    if not options:
        return tls
    if options != [("tls", "none")] or tls is Tls.IMPLICIT or not _is_loopback(parts.hostname):
        raise ValueError(parts.query)
    return Tls.NONE


def _is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False
