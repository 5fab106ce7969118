"""Factories for the use cases of administrators and operators."""

from latchkey.application.accounts.current_user import CurrentUser
from latchkey.application.administration.bootstrap import Bootstrap
from latchkey.application.administration.change_user import ChangeUser
from latchkey.application.administration.create_user import CreateUser
from latchkey.application.administration.delete_user import DeleteUser
from latchkey.application.administration.end_user_sessions import EndUserSessions
from latchkey.application.administration.get_user import GetUser
from latchkey.application.administration.issue_reset import IssueReset
from latchkey.application.administration.list_mails import ListMails
from latchkey.application.administration.list_user_sessions import ListUserSessions
from latchkey.application.administration.list_users import ListUsers
from latchkey.application.administration.prepare_user import PrepareUser
from latchkey.application.administration.recompute_emails import RecomputeEmails
from latchkey.application.administration.reset_factors import ResetFactors
from latchkey.application.administration.search_users import SearchUsers
from latchkey.application.administration.send_reset import SendReset
from latchkey.application.administration.send_test_mail import SendTestMail
from latchkey.application.administration.set_password import SetPassword
from latchkey.application.administration.show_user import ShowUser
from latchkey.application.links.prepare_link import PrepareLink
from latchkey.application.mail.mail_throttle import MailThrottle
from latchkey.application.mail.notices import Notices
from latchkey.application.mail.request_link import RequestLink
from latchkey.application.mail.retry_mail import RetryMail
from latchkey.application.sessions.list_sessions import SessionList
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


def search_users(storage: Storage, current_user: CurrentUser) -> SearchUsers:
    return SearchUsers(
        current_user=current_user, users=storage.users, user_search=storage.user_search
    )


def get_user(storage: Storage, current_user: CurrentUser) -> GetUser:
    return GetUser(current_user=current_user, users=storage.users)


def change_user(storage: Storage, current_user: CurrentUser, notices: Notices) -> ChangeUser:
    return ChangeUser(
        current_user=current_user, units=storage.units, notices=notices, clock=storage.clock
    )


def show_user(storage: Storage, get_user: GetUser) -> ShowUser:
    return ShowUser(get_user=get_user, factors=storage.factors)


def list_user_sessions(get_user: GetUser, session_list: SessionList) -> ListUserSessions:
    return ListUserSessions(get_user=get_user, session_list=session_list)


def end_user_sessions(
    storage: Storage, current_user: CurrentUser, get_user: GetUser, notices: Notices
) -> EndUserSessions:
    return EndUserSessions(
        current_user=current_user,
        get_user=get_user,
        units=storage.units,
        notices=notices,
        clock=storage.clock,
    )


def send_reset(get_user: GetUser, request_reset: RequestLink) -> SendReset:
    return SendReset(get_user=get_user, request_link=request_reset)


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


def delete_user(storage: Storage, notices: Notices) -> DeleteUser:
    return DeleteUser(units=storage.units, notices=notices, clock=storage.clock)


def issue_reset(settings: Settings, storage: Storage, prepare_link: PrepareLink) -> IssueReset:
    return IssueReset(
        prepare_link=prepare_link,
        units=storage.units,
        clock=storage.clock,
        lifetime=settings.accounts.reset_lifetime,
    )


def recompute_emails(storage: Storage, addresses: EmailAddressParser) -> RecomputeEmails:
    """Build `RecomputeEmails`."""
    return RecomputeEmails(addresses=addresses, users=storage.users, units=storage.units)


def list_mails(storage: Storage, current_user: CurrentUser) -> ListMails:
    return ListMails(current_user=current_user, mail_queue=storage.mail_queue)


def retry_mail(settings: Settings, storage: Storage) -> RetryMail:
    return RetryMail(
        mail_queue=storage.mail_queue, clock=storage.clock, retry_for=settings.mail.retry_for
    )


def send_test_mail(
    settings: Settings,
    storage: Storage,
    addresses: EmailAddressParser,
    current_user: CurrentUser,
) -> SendTestMail:
    return SendTestMail(
        has_mail=settings.has_mail,
        current_user=current_user,
        addresses=addresses,
        throttle=MailThrottle(throttle=storage.throttle, limits=settings.throttling.mail_limits),
        outbox=storage.outbox,
        clock=storage.clock,
        language=settings.mail.language,
        retry_for=settings.mail.retry_for,
    )
