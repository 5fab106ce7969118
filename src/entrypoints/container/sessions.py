"""Factories for sessions and their tokens."""

from latchkey.adapters.jwt import JwtTokenService
from latchkey.adapters.keys import KeySet
from latchkey.adapters.refresh_token import HmacRefreshTokenCodec
from latchkey.application.accounts.current_user import CurrentUser
from latchkey.application.audit.ended_sessions import EndedSessions
from latchkey.application.observability.observer import Observer
from latchkey.application.sessions.end_sessions import EndSessions
from latchkey.application.sessions.list_sessions import ListSessions, SessionList
from latchkey.application.sessions.logout import Logout
from latchkey.application.sessions.prune import Prune
from latchkey.application.sessions.refresh import Refresh
from latchkey.application.sessions.refresh_limit import RefreshLimit
from latchkey.application.sessions.replace_sessions import ReplaceSessions
from latchkey.application.sessions.token_pair import TokenPairIssuer
from latchkey.domain.sessions.access_token import TokenService
from latchkey.domain.sessions.refresh_token import RefreshTokenCodec
from latchkey.domain.storage import Storage
from latchkey.entrypoints import keys
from latchkey.entrypoints.settings import Settings
from latchkey.entrypoints.settings.groups.accounts import LONGEST_LINK


def access_keys(settings: Settings) -> KeySet:
    return keys.access_keys(settings)


def token_service(settings: Settings, access_keys: KeySet) -> TokenService:
    tokens = settings.tokens
    return JwtTokenService(
        access_keys,
        issuer=tokens.issuer,
        audience=tokens.audience,
        lifetime=tokens.access_lifetime,
        former_issuer=tokens.former_issuer or None,
    )


def refresh_token_codec(settings: Settings) -> RefreshTokenCodec:
    return HmacRefreshTokenCodec(keys.refresh_keys(settings))


def issuer(settings: Settings, tokens: TokenService, codec: RefreshTokenCodec) -> TokenPairIssuer:
    return TokenPairIssuer(tokens=tokens, codec=codec, policy=settings.sessions.policy)


def replace_sessions(settings: Settings, issuer: TokenPairIssuer) -> ReplaceSessions:
    return ReplaceSessions(issuer=issuer, policy=settings.sessions.policy)


def refresh_limit(settings: Settings) -> RefreshLimit:
    """Build the limit of refreshes, which counts in this process only."""
    return RefreshLimit(settings.throttling.refresh)


def refresh(
    settings: Settings,
    storage: Storage,
    issuer: TokenPairIssuer,
    refresh_limit: RefreshLimit,
    observer: Observer,
) -> Refresh:
    return Refresh(
        limit=refresh_limit,
        sessions=storage.sessions,
        units=storage.units,
        audit=storage.audit,
        takeovers=storage.takeovers,
        issuer=issuer,
        observer=observer,
        clock=storage.clock,
        policy=settings.sessions.policy,
        requirement=settings.factors.requirement,
    )


def logout(storage: Storage, codec: RefreshTokenCodec) -> Logout:
    return Logout(codec=codec, units=storage.units, clock=storage.clock)


def session_list(settings: Settings, storage: Storage) -> SessionList:
    return SessionList(
        sessions=storage.user_sessions,
        audit=storage.audit,
        clock=storage.clock,
        policy=settings.sessions.policy,
    )


def list_sessions(current_user: CurrentUser, session_list: SessionList) -> ListSessions:
    return ListSessions(current_user=current_user, session_list=session_list)


def end_sessions(settings: Settings, storage: Storage, current_user: CurrentUser) -> EndSessions:
    return EndSessions(
        current_user=current_user,
        sessions=storage.user_sessions,
        units=storage.units,
        clock=storage.clock,
        policy=settings.sessions.policy,
    )


def ended_sessions(settings: Settings, storage: Storage) -> EndedSessions:
    """Build the list of ended sessions, which each process keeps for itself."""
    return EndedSessions(storage.audit, storage.clock, settings.tokens.access_lifetime)


def prune(settings: Settings, storage: Storage) -> Prune:
    return Prune(
        sessions=storage.sessions,
        throttle=storage.throttle,
        outbox=storage.outbox,
        links=storage.links,
        devices=storage.remembered_devices,
        clock=storage.clock,
        policy=settings.sessions.policy,
        retention=settings.sessions.retention,
        mail_retention=settings.mail.retention,
        link_lifetime=max(LONGEST_LINK, settings.accounts.invitation_lifetime)
        + settings.sessions.retention,
    )
