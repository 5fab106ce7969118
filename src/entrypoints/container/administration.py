"""Factories for the use cases of administrators and operators."""

from latchkey.application.accounts.current_user import CurrentUser
from latchkey.application.administration.bootstrap import Bootstrap
from latchkey.application.administration.create_user import CreateUser
from latchkey.application.administration.disable_user import DisableUser
from latchkey.application.administration.enable_user import EnableUser
from latchkey.application.administration.list_users import ListUsers
from latchkey.application.administration.prepare_user import PrepareUser
from latchkey.application.administration.recompute_emails import RecomputeEmails
from latchkey.application.administration.reset_factors import ResetFactors
from latchkey.application.administration.set_password import SetPassword
from latchkey.application.administration.set_role import SetRole
from latchkey.application.mail.notices import Notices
from latchkey.domain.accounts.email_address import EmailAddressParser
from latchkey.domain.accounts.password import PasswordBlocklist, PasswordHasher
from latchkey.domain.storage import Storage
from latchkey.entrypoints.settings import Settings


def prepare_user(
    storage: Storage,
    addresses: EmailAddressParser,
    hasher: PasswordHasher,
    blocklist: PasswordBlocklist,
) -> PrepareUser:
    return PrepareUser(addresses=addresses, blocklist=blocklist, hasher=hasher, clock=storage.clock)


def bootstrap(settings: Settings, storage: Storage, prepare_user: PrepareUser) -> Bootstrap:
    return Bootstrap(
        is_allowed=settings.accounts.allow_bootstrap, prepare_user=prepare_user, units=storage.units
    )


def create_user(
    storage: Storage, prepare_user: PrepareUser, current_user: CurrentUser
) -> CreateUser:
    return CreateUser(current_user=current_user, prepare_user=prepare_user, units=storage.units)


def list_users(storage: Storage, current_user: CurrentUser) -> ListUsers:
    return ListUsers(current_user=current_user, users=storage.users)


def disable_user(storage: Storage, notices: Notices) -> DisableUser:
    return DisableUser(units=storage.units, notices=notices, clock=storage.clock)


def enable_user(storage: Storage, notices: Notices) -> EnableUser:
    return EnableUser(units=storage.units, notices=notices, clock=storage.clock)


def set_role(storage: Storage, notices: Notices) -> SetRole:
    return SetRole(units=storage.units, notices=notices, clock=storage.clock)


def set_password(
    storage: Storage, notices: Notices, hasher: PasswordHasher, blocklist: PasswordBlocklist
) -> SetPassword:
    return SetPassword(
        blocklist=blocklist,
        hasher=hasher,
        units=storage.units,
        notices=notices,
        clock=storage.clock,
    )


def reset_factors(storage: Storage, notices: Notices) -> ResetFactors:
    return ResetFactors(units=storage.units, notices=notices, clock=storage.clock)


def recompute_emails(storage: Storage, addresses: EmailAddressParser) -> RecomputeEmails:
    """Build `RecomputeEmails`."""
    return RecomputeEmails(addresses=addresses, users=storage.users, units=storage.units)
