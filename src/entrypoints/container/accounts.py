"""Factories for accounts."""

from typing import Final

from latchkey.adapters.bcrypt import BcryptPasswordHasher
from latchkey.adapters.idna import IdnaDomainNames
from latchkey.adapters.zxcvbn import ZxcvbnPasswordBlocklist
from latchkey.application.accounts.current_user import CurrentUser
from latchkey.application.accounts.exchange_token import ExchangeToken
from latchkey.domain.accounts.email_address import EmailAddressParser
from latchkey.domain.accounts.password import PasswordBlocklist
from latchkey.domain.sessions.access_token import TokenService
from latchkey.domain.storage import Storage
from latchkey.entrypoints.cores import cores
from latchkey.entrypoints.settings import Settings

QUEUE: Final = 64  # passwords that may wait in one worker, about 16 s of work


def hasher(settings: Settings) -> BcryptPasswordHasher:
    """Share the machine's cores between its workers."""
    threads = max(1, cores() // settings.server.workers)
    return BcryptPasswordHasher(
        rounds=settings.accounts.bcrypt_rounds, workers=threads, queue=QUEUE
    )


def addresses(settings: Settings) -> EmailAddressParser:
    """Build the parser of e-mail addresses; in development a host such as localhost will do."""
    return EmailAddressParser(
        domains=IdnaDomainNames(), min_labels=2 if settings.is_production else 1
    )


def blocklist() -> PasswordBlocklist:
    return ZxcvbnPasswordBlocklist()


def current_user(settings: Settings, storage: Storage) -> CurrentUser:
    return CurrentUser(
        sessions=storage.sessions, clock=storage.clock, policy=settings.sessions.policy
    )


def exchange_token(
    settings: Settings, storage: Storage, tokens: TokenService, current_user: CurrentUser
) -> ExchangeToken:
    return ExchangeToken(
        current_user=current_user,
        tokens=tokens,
        clock=storage.clock,
        audiences=frozenset(settings.tokens.audiences),
    )
