"""What may be set, but hardly is meant."""

from collections.abc import Iterator

from latchkey.entrypoints.settings.model import Settings


def cautions_of(settings: Settings) -> Iterator[str]:
    """Say what an operator should think about again, a line each; nothing in development."""
    if not settings.is_production:
        return
    server, limits = settings.server, settings.login_limits
    if server.tls is None and not server.trusted_proxies:
        yield "TLS_CERT, TRUSTED_PROXIES: both are unset; every request is refused, being no HTTPS"
    if limits.account is None:
        yield "LOGIN_LIMIT_ACCOUNT: is off; the passwords of an account can be tried at any speed"
    if limits.address is None:
        yield "LOGIN_LIMIT_ADDRESS: is off; one address can try the passwords of all accounts"
    if settings.refresh_limit is None:
        yield "REFRESH_LIMIT: is off; whoever holds one token can refresh at any speed"
