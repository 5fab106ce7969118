"""Whatever carries a secret shows none of it, for it may end in a log line."""

from dataclasses import is_dataclass
from datetime import timedelta
from typing import Final

import pytest

from latchkey.application.administration.bootstrap import BootstrapCommand
from latchkey.application.administration.create_user import CreateUserCommand
from latchkey.application.administration.prepare_user import NewUser
from latchkey.application.enrolment.confirm_totp import ConfirmTotpCommand, FactorsChanged
from latchkey.application.enrolment.pending_totp import BegunTotp
from latchkey.application.factors.second_factors import SecondFactorAnswer
from latchkey.application.links.prepare_link import PreparedLink
from latchkey.application.mail.request_link import RequestLinkCommand
from latchkey.application.own_account.change_email import ChangeEmailCommand, EmailChanged
from latchkey.application.own_account.delete_account import DeleteAccountCommand
from latchkey.application.own_account.request_email_change import RequestEmailChangeCommand
from latchkey.application.passwords.change_password import PasswordChanged
from latchkey.application.passwords.repeat_link import RepeatLinkCommand
from latchkey.application.passwords.reset_password import ResetPasswordCommand
from latchkey.application.registration.complete_registration import CompleteRegistrationCommand
from latchkey.application.sessions.logout import LogoutCommand
from latchkey.application.sessions.refresh import RefreshCommand
from latchkey.application.sessions.token_pair import TokenPair
from latchkey.application.sign_in.login_devices import DeviceLoggedIn
from latchkey.application.sign_in.open_session import LoggedIn, ProvenUser
from latchkey.application.sign_in.required_factor import (
    ConfirmRequiredFactorCommand,
    EnrolledLoggedIn,
)
from latchkey.application.sign_in.with_password import PasswordLoginCommand
from latchkey.application.sign_in.with_second_factor import SecondFactorLoginCommand
from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.accounts.password import Password, PasswordHash
from latchkey.domain.accounts.password_credential import PasswordCredential
from latchkey.domain.accounts.user import Role
from latchkey.domain.audit.pseudonyms import Pseudonyms
from latchkey.domain.factors.authentication import Authentication, SecondMethod
from latchkey.domain.factors.factor import FactorId, TotpSeed
from latchkey.domain.factors.recovery_code import RecoveryCode
from latchkey.domain.links.link import Link
from latchkey.domain.links.link_token import LinkId, LinkKind, LinkToken
from latchkey.domain.mail.mail import MailedLink
from latchkey.domain.mail.transport import Message
from latchkey.domain.sessions.access_token import AccessToken
from latchkey.domain.sessions.refresh_token import RefreshToken
from latchkey.domain.sessions.session import Session, UserSession
from latchkey.testing.factories import SOURCE, PrincipalFactory, UserFactory, refresh_token
from latchkey.testing.frozen_clock import START

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
    RecoveryCode(CANARY),
    TotpSeed(key_id="key", nonce=CANARY.encode()),
    TOKEN,
    SESSION,
    Link(
        id=LinkId(SESSION.id),
        kind=LinkKind.PASSWORD_RESET,
        email=EmailAddress(CANARY, CANARY),
        secret=CANARY.encode(),
        expires_at=START,
    ),
    LinkToken(
        kind=LinkKind.PASSWORD_RESET,
        link_id=LinkId(SESSION.id),
        password_version=1,
        expires_at=START,
        secret=CANARY.encode(),
    ),
    UserSession(session=SESSION, user=USER),
    PasswordCredential(user=USER, password_hash=HASH, password_version=1),
    PAIR,
    PAIR.access,
    LoggedIn(tokens=PAIR, user=USER),
    PasswordLoginCommand(email=CANARY, password=PASSWORD, replaces=(CANARY,), source=SOURCE),
    RequestLinkCommand(email=CANARY, source=SOURCE),
    CompleteRegistrationCommand(token=CANARY, name="", password=PASSWORD, source=SOURCE),
    RepeatLinkCommand(token=CANARY, kinds=(), password=PASSWORD, source=SOURCE),
    ResetPasswordCommand(token=CANARY, password=PASSWORD, source=SOURCE),
    PasswordChanged(tokens=PAIR, device=CANARY),
    ChangeEmailCommand(token=CANARY, password=PASSWORD, source=SOURCE),
    DeleteAccountCommand(by=PrincipalFactory.build(), current=PASSWORD, source=SOURCE),
    EmailChanged(user=USER, device=CANARY),
    RequestEmailChangeCommand(
        by=PrincipalFactory.build(), email=CANARY, current=PASSWORD, source=SOURCE
    ),
    PreparedLink(user=USER, email=USER.email, token=CANARY, expires_at=START),
    MailedLink(token=CANARY, expires_at=START),
    RefreshCommand(presented=TOKEN, source=SOURCE),
    LogoutCommand(presented=(CANARY,), source=SOURCE),
    BootstrapCommand(email="ada", name="Ada", password=PASSWORD, source=SOURCE),
    CreateUserCommand(
        by=None, email="ada", name="Ada", password=PASSWORD, role=Role.USER, source=SOURCE
    ),
    ProvenUser(
        user=USER,
        authentication=Authentication.by_password(),
        password_version=1,
        has_second_factor=False,
        replaces=(CANARY,),
        source=SOURCE,
        is_known=True,
    ),
    SecondFactorAnswer(method=SecondMethod.TOTP, typed=CANARY),
    SecondFactorLoginCommand(
        challenge=CANARY,
        answer=SecondFactorAnswer(method=SecondMethod.TOTP, typed=CANARY),
        replaces=(CANARY,),
        devices=(CANARY,),
        source=SOURCE,
    ),
    DeviceLoggedIn(tokens=PAIR, user=USER, device=CANARY),
    BegunTotp(id=FactorId(SESSION.id), secret=CANARY, uri=CANARY),
    ConfirmTotpCommand(
        by=PrincipalFactory.build(), factor_id=FactorId(SESSION.id), typed=CANARY, source=SOURCE
    ),
    ConfirmRequiredFactorCommand(
        challenge=CANARY, factor_id=FactorId(SESSION.id), typed=CANARY, source=SOURCE
    ),
    EnrolledLoggedIn(tokens=PAIR, user=USER, device=CANARY, codes=(RecoveryCode(CANARY),)),
    FactorsChanged(tokens=PAIR, codes=(RecoveryCode(CANARY),)),
    Message(id="1", recipient=CANARY, content=CANARY.encode()),
    Pseudonyms(CANARY.encode()),
    NewUser(email="ada", name="Ada", password=PASSWORD),
]


@pytest.mark.requirement("PW-11")
@pytest.mark.parametrize("secretive", SECRETIVE, ids=lambda each: type(each).__name__)
def test_a_secret_is_not_in_what_is_printed(secretive: object) -> None:
    assert is_dataclass(secretive)

    assert "canary" not in f"{secretive!r} {secretive!s} {[secretive]}"
