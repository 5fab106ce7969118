"""How the parts that concern accounts are built."""

from typing import Final

from latchkey.adapters.bcrypt import BcryptPasswordHasher
from latchkey.adapters.zxcvbn import ZxcvbnPasswordBlocklist
from latchkey.application.accounts.current_user import CurrentUser
from latchkey.domain.accounts.password import PasswordBlocklist
from latchkey.domain.storage import Storage
from latchkey.entrypoints.cores import cores
from latchkey.entrypoints.settings import Settings

QUEUE: Final = 64  # passwords that wait in one worker: some sixteen seconds' worth


def hasher(settings: Settings) -> BcryptPasswordHasher:
    """Build the hasher; the workers of one machine share its cores."""
    threads = max(1, cores() // settings.server.workers)
    return BcryptPasswordHasher(
        rounds=settings.accounts.bcrypt_rounds, workers=threads, queue=QUEUE
    )


def blocklist() -> PasswordBlocklist:
    """Build the list of common passwords."""
    return ZxcvbnPasswordBlocklist()


def current_user(settings: Settings, storage: Storage) -> CurrentUser:
    """Build `CurrentUser`."""
    return CurrentUser(
        sessions=storage.sessions, clock=storage.clock, policy=settings.sessions.policy
    )
