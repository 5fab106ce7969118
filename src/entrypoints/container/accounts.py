"""Factories for accounts."""

import os
from typing import Final

from latchkey.adapters.bcrypt import BcryptPasswordHasher
from latchkey.adapters.zxcvbn import ZxcvbnPasswordBlocklist
from latchkey.application.accounts.current_user import CurrentUser
from latchkey.domain.accounts.password import PasswordBlocklist
from latchkey.domain.storage import Storage
from latchkey.entrypoints.settings import Settings

QUEUE: Final = 64  # passwords that may wait in one worker, about 16 s of work


def hasher(settings: Settings) -> BcryptPasswordHasher:
    """Share the machine's cores between its workers."""
    threads = max(1, (os.cpu_count() or 1) // settings.server.workers)
    return BcryptPasswordHasher(
        rounds=settings.accounts.bcrypt_rounds, workers=threads, queue=QUEUE
    )


def blocklist() -> PasswordBlocklist:
    return ZxcvbnPasswordBlocklist()


def current_user(settings: Settings, storage: Storage) -> CurrentUser:
    return CurrentUser(
        sessions=storage.sessions, clock=storage.clock, policy=settings.sessions.policy
    )
