"""Factories for new passwords."""

from latchkey.adapters.device_token import HmacDeviceTokenCodec
from latchkey.adapters.mime.templates import Templates
from latchkey.application.accounts.current_user import CurrentUser
from latchkey.application.links.present_link import PresentLink
from latchkey.application.mail.notices import Notices
from latchkey.application.mail.request_link import RequestLink
from latchkey.application.passwords.attempts import PasswordAttempts
from latchkey.application.passwords.change_password import ChangePassword
from latchkey.application.passwords.current_password import CurrentPassword
from latchkey.application.passwords.repeat_link import RepeatLink
from latchkey.application.passwords.reset_password import ResetPassword
from latchkey.application.sessions.replace_sessions import ReplaceSessions
from latchkey.domain.accounts.email_address import EmailAddressParser
from latchkey.domain.accounts.password import PasswordBlocklist, PasswordHasher
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.links.link_token import LinkKind
from latchkey.domain.storage import Storage
from latchkey.domain.throttling.device import DeviceTokenCodec
from latchkey.entrypoints.container import links
from latchkey.entrypoints.keys import device_keys
from latchkey.entrypoints.settings import Settings


def device_codec(settings: Settings) -> DeviceTokenCodec:
    return HmacDeviceTokenCodec(device_keys(settings))


def password_attempts(settings: Settings, storage: Storage) -> PasswordAttempts:
    return PasswordAttempts(
        throttle=storage.throttle, rate=settings.throttling.account, clock=storage.clock
    )


def current_password(
    settings: Settings,
    storage: Storage,
    password_attempts: PasswordAttempts,
    hasher: PasswordHasher,
) -> CurrentPassword:
    return CurrentPassword(
        attempts=password_attempts,
        credentials=storage.password_credentials,
        hasher=hasher,
        audit=storage.audit,
        clock=storage.clock,
        max_age=settings.factors.fresh,
    )


def request_reset(
    settings: Settings, storage: Storage, addresses: EmailAddressParser, templates: Templates
) -> RequestLink:
    return links.request_link(
        settings,
        storage,
        addresses,
        templates,
        kind=LinkKind.PASSWORD_RESET,
        noted_as=AuditAction.PASSWORD_RESET_REQUESTED,
        lifetime=settings.accounts.reset_lifetime,
    )


def repeat_link(
    storage: Storage,
    present_link: PresentLink,
    password_attempts: PasswordAttempts,
    hasher: PasswordHasher,
) -> RepeatLink:
    return RepeatLink(
        present=present_link,
        attempts=password_attempts,
        hasher=hasher,
        audit=storage.audit,
        clock=storage.clock,
    )


def reset_password(  # noqa: PLR0913, PLR0917 - given by name
    storage: Storage,
    present_link: PresentLink,
    password_attempts: PasswordAttempts,
    blocklist: PasswordBlocklist,
    hasher: PasswordHasher,
    notices: Notices,
    repeat_link: RepeatLink,
    device_codec: DeviceTokenCodec,
) -> ResetPassword:
    return ResetPassword(
        present=present_link,
        attempts=password_attempts,
        blocklist=blocklist,
        hasher=hasher,
        units=storage.units,
        notices=notices,
        repeat_link=repeat_link,
        devices=device_codec,
        clock=storage.clock,
    )


def change_password(  # noqa: PLR0913, PLR0917 - given by name
    storage: Storage,
    current_user: CurrentUser,
    current_password: CurrentPassword,
    blocklist: PasswordBlocklist,
    hasher: PasswordHasher,
    notices: Notices,
    replace_sessions: ReplaceSessions,
    device_codec: DeviceTokenCodec,
) -> ChangePassword:
    return ChangePassword(
        current_user=current_user,
        current_password=current_password,
        blocklist=blocklist,
        hasher=hasher,
        units=storage.units,
        notices=notices,
        replace_sessions=replace_sessions,
        devices=device_codec,
        clock=storage.clock,
    )
