"""Factories for sessions and their tokens."""

from latchkey.adapters.jwt import JwtTokenService
from latchkey.adapters.refresh_token import (
    HmacRefreshTokenCodec,
    derived_refresh_secret,
    hkdf_sha256,
)
from latchkey.application.sessions.logout import Logout
from latchkey.application.sessions.prune import Prune
from latchkey.application.sessions.refresh import Refresh
from latchkey.application.sessions.refresh_limit import RefreshLimit
from latchkey.application.sessions.token_pair import TokenPairIssuer
from latchkey.domain.audit.pseudonyms import Pseudonyms
from latchkey.domain.sessions.access_token import TokenService
from latchkey.domain.sessions.refresh_token import RefreshTokenCodec
from latchkey.domain.storage import Storage
from latchkey.entrypoints.settings import Settings


def token_service(settings: Settings) -> TokenService:
    tokens = settings.tokens
    return JwtTokenService(
        tokens.access_secrets,
        issuer=tokens.issuer,
        audience=tokens.audience,
        lifetime=tokens.access_lifetime,
    )


def refresh_token_codec(settings: Settings) -> RefreshTokenCodec:
    return HmacRefreshTokenCodec(_refresh_secrets(settings), context=_context(settings))


def pseudonyms(settings: Settings) -> Pseudonyms:
    """Derive the key of the audit log's pseudonyms, the same in all processes of a deployment."""
    info = f"audit-pseudonym/v1|{_context(settings)}".encode()
    return Pseudonyms(hkdf_sha256(_refresh_secrets(settings)[0], info=info))


def issuer(settings: Settings, tokens: TokenService, codec: RefreshTokenCodec) -> TokenPairIssuer:
    return TokenPairIssuer(tokens=tokens, codec=codec, policy=settings.sessions)


def refresh_limit(settings: Settings) -> RefreshLimit:
    """Count refreshes in this process only."""
    return RefreshLimit(settings.refresh_limit)


def refresh(
    settings: Settings, storage: Storage, issuer: TokenPairIssuer, refresh_limit: RefreshLimit
) -> Refresh:
    return Refresh(
        limit=refresh_limit,
        sessions=storage.sessions,
        units=storage.units,
        audit=storage.audit,
        issuer=issuer,
        clock=storage.clock,
        policy=settings.sessions,
    )


def logout(storage: Storage, codec: RefreshTokenCodec) -> Logout:
    return Logout(codec=codec, units=storage.units, clock=storage.clock)


def prune(settings: Settings, storage: Storage) -> Prune:
    return Prune(
        sessions=storage.sessions,
        throttle=storage.throttle,
        clock=storage.clock,
        policy=settings.sessions,
        retention=settings.session_retention,
    )


def _refresh_secrets(settings: Settings) -> list[bytes]:
    tokens = settings.tokens
    own = [secret.encode() for secret in tokens.refresh_secrets]
    return own or [derived_refresh_secret(secret.encode()) for secret in tokens.access_secrets]


def _context(settings: Settings) -> str:
    return f"{settings.tokens.issuer}|{settings.environment}"
