"""Factories for the ways to sign in."""

from latchkey.application.mail.notices import Notices
from latchkey.application.sessions.token_pair import TokenPairIssuer
from latchkey.application.sign_in.login_throttle import LoginThrottle
from latchkey.application.sign_in.open_session import OpenSession
from latchkey.application.sign_in.with_password import PasswordLogin
from latchkey.domain.accounts.email_address import EmailAddressParser
from latchkey.domain.accounts.password import PasswordHasher
from latchkey.domain.sessions.refresh_token import RefreshTokenCodec
from latchkey.domain.storage import Storage
from latchkey.domain.throttling.device import DeviceTokenCodec
from latchkey.entrypoints.keys import pseudonyms
from latchkey.entrypoints.settings import Settings


def open_session(
    settings: Settings,
    storage: Storage,
    notices: Notices,
    codec: RefreshTokenCodec,
    issuer: TokenPairIssuer,
) -> OpenSession:
    return OpenSession(
        units=storage.units,
        notices=notices,
        notifies=settings.mail.notifies_of_sign_in,
        codec=codec,
        issuer=issuer,
        clock=storage.clock,
        policy=settings.sessions.policy,
    )


def login_throttle(settings: Settings, storage: Storage) -> LoginThrottle:
    return LoginThrottle(throttle=storage.throttle, limits=settings.throttling.login_limits)


def password_login(  # noqa: PLR0913, PLR0917 - given by name
    settings: Settings,
    storage: Storage,
    addresses: EmailAddressParser,
    hasher: PasswordHasher,
    device_codec: DeviceTokenCodec,
    login_throttle: LoginThrottle,
    open_session: OpenSession,
) -> PasswordLogin:
    return PasswordLogin(
        addresses=addresses,
        throttle=login_throttle,
        devices=device_codec,
        credentials=storage.password_credentials,
        hasher=hasher,
        audit=storage.audit,
        pseudonyms=pseudonyms(settings),
        open_session=open_session,
        clock=storage.clock,
    )
