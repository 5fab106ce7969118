"""Whatever carries a secret shows none of it, for it may end in a log line."""

from dataclasses import is_dataclass
from datetime import timedelta
from typing import Final

import pytest

from application.bootstrap import BootstrapCommand
from application.create_user import CreateUserCommand
from application.login import LoggedIn, LoginCommand
from application.logout import LogoutCommand
from application.new_user import NewUser
from application.refresh import RefreshCommand
from application.token_pair import TokenPair
from domain.audit import Pseudonyms
from domain.password import Password, PasswordHash
from domain.session import Session, UserSession
from domain.token import AccessToken, RefreshToken
from domain.user import Credential, Role
from factories import CALLER, UserFactory, refresh_token
from frozen_clock import START

CANARY: Final = "canary-canary-16"
USER: Final = UserFactory.build()
PASSWORD: Final = Password(CANARY)
HASH: Final = PasswordHash(CANARY)
TOKEN: Final = RefreshToken(
    session_id=refresh_token().session_id,
    generation=1,
    expires_at=START,
    secret=CANARY.encode(),
)
SESSION: Final = Session(
    id=TOKEN.session_id,
    user_id=USER.id,
    secret_hash=CANARY.encode() * 2,
    generation=1,
    rotated_at=START,
    expires_at=START,
)
PAIR: Final = TokenPair(
    access=AccessToken(encoded=CANARY, expires_in=timedelta(minutes=15)),
    refresh=CANARY,
    refresh_expires_in=timedelta(days=7),
)
SECRETIVE: Final = [
    PASSWORD,
    HASH,
    TOKEN,
    SESSION,
    UserSession(session=SESSION, user=USER),
    Credential(user=USER, password_hash=HASH, password_version=1),
    PAIR,
    PAIR.access,
    LoggedIn(tokens=PAIR, user=USER),
    LoginCommand(email=CANARY, password=PASSWORD, replaces=CANARY, caller=CALLER),
    RefreshCommand(presented=TOKEN, caller=CALLER),
    LogoutCommand(refresh_token=CANARY, caller=CALLER),
    BootstrapCommand(email="ada", name="Ada", password=PASSWORD, caller=CALLER),
    CreateUserCommand(
        by=None, email="ada", name="Ada", password=PASSWORD, role=Role.USER, caller=CALLER
    ),
    Pseudonyms(CANARY.encode()),
    NewUser(email=USER.email, name="Ada", password=PASSWORD),
]


@pytest.mark.requirement("PW-11")
@pytest.mark.parametrize("secretive", SECRETIVE, ids=lambda each: type(each).__name__)
def test_a_secret_is_not_in_what_is_printed(secretive: object) -> None:
    assert is_dataclass(secretive)

    assert "canary" not in f"{secretive!r} {secretive!s} {[secretive]}"
