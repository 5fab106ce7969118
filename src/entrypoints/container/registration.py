"""Factories for registration and invitations."""

from latchkey.adapters.mime.templates import Templates
from latchkey.application.accounts.current_user import CurrentUser
from latchkey.application.links.present_link import PresentLink
from latchkey.application.mail.mail_throttle import MailThrottle
from latchkey.application.passwords.attempts import PasswordAttempts
from latchkey.application.passwords.repeat_link import RepeatLink
from latchkey.application.registration.complete_registration import CompleteRegistration
from latchkey.application.registration.features import Features
from latchkey.application.registration.invite import Invite
from latchkey.application.registration.list_invitations import ListInvitations
from latchkey.application.registration.request_registration import RequestRegistration
from latchkey.application.registration.withdraw_invitation import WithdrawInvitation
from latchkey.domain.accounts.email_address import EmailAddressParser
from latchkey.domain.accounts.password import PasswordBlocklist, PasswordHasher
from latchkey.domain.accounts.registration import Registration, RegistrationDomains
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.links.link_token import LinkKind
from latchkey.domain.storage import Storage
from latchkey.domain.throttling.device import DeviceTokenCodec
from latchkey.entrypoints.container import links
from latchkey.entrypoints.keys import pseudonyms
from latchkey.entrypoints.settings import Settings


def features(settings: Settings) -> Features:
    """Return what is enabled. Registration sends links, so without mail it is off."""
    configured = Registration(settings.accounts.registration)
    return Features(
        registration=configured if settings.has_mail else Registration.OFF,
        mail=settings.has_mail,
        second_factors=settings.has_second_factors,
        passkeys=settings.passkey_rp_id is not None,
    )


def request_registration(
    settings: Settings, storage: Storage, addresses: EmailAddressParser, templates: Templates
) -> RequestRegistration:
    return RequestRegistration(
        registration=Registration(settings.accounts.registration),
        domains=_domains(settings),
        addresses=addresses,
        request_link=links.request_link(
            settings,
            storage,
            addresses,
            templates,
            kind=LinkKind.REGISTRATION,
            noted_as=AuditAction.REGISTRATION_REQUESTED,
            lifetime=settings.accounts.registration_lifetime,
        ),
    )


def invite(
    settings: Settings,
    storage: Storage,
    addresses: EmailAddressParser,
    current_user: CurrentUser,
) -> Invite:
    return Invite(
        registration=Registration(settings.accounts.registration),
        has_mail=settings.has_mail,
        current_user=current_user,
        addresses=addresses,
        users=storage.users,
        throttle=MailThrottle(throttle=storage.throttle, limits=settings.throttling.mail_limits),
        units=storage.units,
        pseudonyms=pseudonyms(settings),
        clock=storage.clock,
        language=settings.mail.language,
        lifetime=settings.accounts.invitation_lifetime,
        retry_for=settings.mail.retry_for,
    )


def list_invitations(storage: Storage, current_user: CurrentUser) -> ListInvitations:
    return ListInvitations(
        current_user=current_user, invitations=storage.invitations, clock=storage.clock
    )


def withdraw_invitation(
    settings: Settings, storage: Storage, current_user: CurrentUser
) -> WithdrawInvitation:
    return WithdrawInvitation(
        current_user=current_user,
        units=storage.units,
        pseudonyms=pseudonyms(settings),
        clock=storage.clock,
    )


def complete_registration(  # noqa: PLR0913, PLR0917 - given by name
    settings: Settings,
    storage: Storage,
    present_link: PresentLink,
    password_attempts: PasswordAttempts,
    blocklist: PasswordBlocklist,
    hasher: PasswordHasher,
    repeat_link: RepeatLink,
    device_codec: DeviceTokenCodec,
) -> CompleteRegistration:
    return CompleteRegistration(
        registration=Registration(settings.accounts.registration),
        domains=_domains(settings),
        present=present_link,
        attempts=password_attempts,
        blocklist=blocklist,
        hasher=hasher,
        units=storage.units,
        repeat_link=repeat_link,
        devices=device_codec,
        clock=storage.clock,
    )


def _domains(settings: Settings) -> RegistrationDomains:
    return RegistrationDomains(names=settings.accounts.registration_domains)
