"""Factories for accounts."""

from typing import Final

from latchkey.adapters.bcrypt import BcryptPasswordHasher
from latchkey.adapters.breached_passwords import BreachedPasswordBlocklist, PrefixFile
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
SHARE: Final = QUEUE // 4  # of these for one account or one network


def hasher(settings: Settings) -> BcryptPasswordHasher:
    """Build the password hasher of one worker, with the worker's share of the cores."""
    threads = max(1, cores() // settings.server.workers)
    return BcryptPasswordHasher(
        rounds=settings.accounts.bcrypt_rounds, workers=threads, queue=QUEUE, share=SHARE
    )


def addresses(settings: Settings) -> EmailAddressParser:
    """Build the parser of e-mail addresses; in development it accepts hosts such as localhost."""
    return EmailAddressParser(
        domains=IdnaDomainNames(), min_labels=2 if settings.is_production else 1
    )


def blocklist(settings: Settings) -> PasswordBlocklist:
    """Build the list of passwords that nobody may set.

    Raises:
        OSError: The file of breached passwords cannot be read.
        BreachedPasswordsError: It is no such file.
    """
    common = ZxcvbnPasswordBlocklist()
    if (file := settings.accounts.breached_passwords) is None:
        return common
    return BreachedPasswordBlocklist(common, PrefixFile(file))


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
