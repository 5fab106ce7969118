"""Factories for the signed-in user's own account."""

from latchkey.adapters.mime.templates import Templates
from latchkey.application.accounts.current_user import CurrentUser
from latchkey.application.links.present_link import PresentLink
from latchkey.application.mail.mail_throttle import MailThrottle
from latchkey.application.mail.notices import Notices
from latchkey.application.own_account.cancel_email_change import CancelEmailChange
from latchkey.application.own_account.change_email import ChangeEmail
from latchkey.application.own_account.change_name import ChangeName
from latchkey.application.own_account.delete_account import DeleteAccount
from latchkey.application.own_account.read_account import ReadAccount
from latchkey.application.own_account.request_email_change import RequestEmailChange
from latchkey.application.passwords.attempts import PasswordAttempts
from latchkey.application.passwords.current_password import CurrentPassword
from latchkey.application.passwords.repeat_link import RepeatLink
from latchkey.domain.accounts.email_address import EmailAddressParser
from latchkey.domain.accounts.password import PasswordHasher
from latchkey.domain.storage import Storage
from latchkey.domain.throttling.device import DeviceTokenCodec
from latchkey.entrypoints.keys import pseudonyms
from latchkey.entrypoints.settings import Settings


def read_account(storage: Storage, current_user: CurrentUser) -> ReadAccount:
    return ReadAccount(current_user=current_user, links=storage.user_links, clock=storage.clock)


def request_email_change(  # noqa: PLR0913, PLR0917 - given by name
    settings: Settings,
    storage: Storage,
    current_user: CurrentUser,
    current_password: CurrentPassword,
    addresses: EmailAddressParser,
    notices: Notices,
    templates: Templates,
) -> RequestEmailChange:
    return RequestEmailChange(
        has_mail=settings.has_mail,
        current_user=current_user,
        current_password=current_password,
        addresses=addresses,
        throttle=MailThrottle(throttle=storage.throttle, limits=settings.throttling.mail_limits),
        units=storage.units,
        notices=notices,
        pseudonyms=pseudonyms(settings),
        clock=storage.clock,
        languages=frozenset(templates.by_language),
        language=settings.mail.language,
        lifetime=settings.accounts.email_change_lifetime,
        retry_for=settings.mail.retry_for,
    )


def cancel_email_change(storage: Storage, current_user: CurrentUser) -> CancelEmailChange:
    return CancelEmailChange(current_user=current_user, units=storage.units, clock=storage.clock)


def change_email(  # noqa: PLR0913, PLR0917 - given by name
    settings: Settings,
    storage: Storage,
    present_link: PresentLink,
    password_attempts: PasswordAttempts,
    hasher: PasswordHasher,
    notices: Notices,
    repeat_link: RepeatLink,
    device_codec: DeviceTokenCodec,
) -> ChangeEmail:
    return ChangeEmail(
        present=present_link,
        attempts=password_attempts,
        hasher=hasher,
        units=storage.units,
        notices=notices,
        audit=storage.audit,
        repeat_link=repeat_link,
        devices=device_codec,
        pseudonyms=pseudonyms(settings),
        clock=storage.clock,
    )


def change_name(storage: Storage, current_user: CurrentUser) -> ChangeName:
    return ChangeName(current_user=current_user, units=storage.units, clock=storage.clock)


def delete_account(
    storage: Storage,
    current_user: CurrentUser,
    current_password: CurrentPassword,
    notices: Notices,
) -> DeleteAccount:
    return DeleteAccount(
        current_user=current_user,
        current_password=current_password,
        units=storage.units,
        notices=notices,
        clock=storage.clock,
    )
