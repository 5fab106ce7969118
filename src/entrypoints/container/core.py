"""The parts that use cases are made of, and the use cases of sessions, links and mail."""

from dependency_injector import containers, providers

from latchkey.application.observability.observer import Observer, Unobserved
from latchkey.domain.storage import Storage
from latchkey.entrypoints.container import (
    accounts,
    factors,
    links,
    mail,
    orders,
    passkeys,
    passwords,
    registration,
    sessions,
    sign_in,
)
from latchkey.entrypoints.settings import Settings


class Core(containers.DeclarativeContainer):
    """The use cases that do not administer accounts, and the parts that all are made of."""

    settings = providers.Dependency(instance_of=Settings)
    storage = providers.Dependency(instance_of=Storage)  # type: ignore[type-abstract] # any subclass
    observer = providers.Dependency(instance_of=Observer, default=Unobserved())  # type: ignore[type-abstract] # any subclass

    hasher = providers.Singleton(accounts.hasher, settings=settings)
    addresses = providers.Singleton(accounts.addresses, settings=settings)
    blocklist = providers.Singleton(accounts.blocklist, settings=settings)
    current_user = providers.Singleton(accounts.current_user, settings=settings, storage=storage)

    link_codec = providers.Singleton(links.link_codec, settings=settings)
    prepare_link = providers.Singleton(links.prepare_link, storage=storage, link_codec=link_codec)
    present_link = providers.Singleton(links.present_link, storage=storage, link_codec=link_codec)
    read_link = providers.Singleton(links.read_link, present_link=present_link)

    notices = providers.Singleton(mail.notices, settings=settings)
    templates = providers.Singleton(mail.templates, settings=settings)
    composer = providers.Singleton(mail.composer, settings=settings, templates=templates)
    transport = providers.Singleton(mail.transport, settings=settings)
    mailbox = providers.Singleton(mail.mailbox, settings=settings)
    send_mails = providers.Singleton(
        mail.send_mails,
        storage=storage,
        prepare_link=prepare_link,
        addresses=addresses,
        composer=composer,
        transport=transport,
    )

    access_keys = providers.Singleton(sessions.access_keys, settings=settings)
    tokens = providers.Singleton(sessions.token_service, settings=settings, access_keys=access_keys)
    codec = providers.Singleton(sessions.refresh_token_codec, settings=settings)
    issuer = providers.Singleton(sessions.issuer, settings=settings, tokens=tokens, codec=codec)
    refresh_limit = providers.Singleton(sessions.refresh_limit, settings=settings)
    refresh = providers.Singleton(
        sessions.refresh,
        settings=settings,
        storage=storage,
        issuer=issuer,
        refresh_limit=refresh_limit,
        observer=observer,
    )
    exchange_token = providers.Singleton(
        accounts.exchange_token,
        settings=settings,
        storage=storage,
        tokens=tokens,
        current_user=current_user,
    )
    replace_sessions = providers.Singleton(
        sessions.replace_sessions, settings=settings, issuer=issuer
    )
    logout = providers.Singleton(sessions.logout, storage=storage, codec=codec)
    session_list = providers.Singleton(sessions.session_list, settings=settings, storage=storage)
    list_sessions = providers.Singleton(
        sessions.list_sessions, current_user=current_user, session_list=session_list
    )
    end_sessions = providers.Singleton(
        sessions.end_sessions, settings=settings, storage=storage, current_user=current_user
    )
    ended_sessions = providers.Singleton(
        sessions.ended_sessions, settings=settings, storage=storage
    )
    prune = providers.Singleton(sessions.prune, settings=settings, storage=storage)

    open_session = providers.Singleton(
        sign_in.open_session,
        settings=settings,
        storage=storage,
        notices=notices,
        codec=codec,
        issuer=issuer,
    )
    device_codec = providers.Singleton(passwords.device_codec, settings=settings)
    login_devices = providers.Singleton(
        sign_in.login_devices, storage=storage, device_codec=device_codec
    )
    remembered_devices = providers.Singleton(
        sign_in.remembered_devices, settings=settings, storage=storage, open_session=open_session
    )
    challenge_codec = providers.Singleton(factors.challenge_codec, settings=settings)
    factor_keys = providers.Singleton(factors.factor_keys, settings=settings)
    factor_use_cases = providers.Singleton(
        factors.factor_use_cases,
        settings=settings,
        storage=storage,
        current_user=current_user,
        factor_keys=factor_keys,
        replace_sessions=replace_sessions,
        notices=notices,
    )
    ask_second_factor = providers.Singleton(
        sign_in.ask_second_factor,
        storage=storage,
        challenge_codec=challenge_codec,
        remembered_devices=remembered_devices,
    )
    login_throttle = providers.Singleton(sign_in.login_throttle, settings=settings, storage=storage)
    password_login = providers.Singleton(
        sign_in.password_login,
        settings=settings,
        storage=storage,
        addresses=addresses,
        hasher=hasher,
        login_devices=login_devices,
        login_throttle=login_throttle,
        open_session=open_session,
        ask_second_factor=ask_second_factor,
    )
    passkey_creation = providers.Singleton(passkeys.passkey_creation, settings=settings)
    challenge_answers = providers.Singleton(
        sign_in.challenge_answers,
        storage=storage,
        challenge_codec=challenge_codec,
        settings=settings,
        factor_keys=factor_keys,
        passkey_creation=passkey_creation,
        login_throttle=login_throttle,
        login_devices=login_devices,
        remembered_devices=remembered_devices,
        open_session=open_session,
        notices=notices,
    )
    passkey_logins = providers.Singleton(
        passkeys.passkey_logins,
        storage=storage,
        passkey_creation=passkey_creation,
        login_throttle=login_throttle,
        login_devices=login_devices,
        open_session=open_session,
    )
    passkey_use_cases = providers.Singleton(
        passkeys.passkey_use_cases,
        settings=settings,
        storage=storage,
        passkey_creation=passkey_creation,
        factor_keys=factor_keys,
        factor_use_cases=factor_use_cases,
        replace_sessions=replace_sessions,
        notices=notices,
    )

    password_attempts = providers.Singleton(
        passwords.password_attempts, settings=settings, storage=storage
    )
    request_reset = providers.Singleton(
        passwords.request_reset,
        settings=settings,
        storage=storage,
        addresses=addresses,
        templates=templates,
    )
    repeat_link = providers.Singleton(
        passwords.repeat_link,
        storage=storage,
        present_link=present_link,
        password_attempts=password_attempts,
        hasher=hasher,
    )
    reset_password = providers.Singleton(
        passwords.reset_password,
        storage=storage,
        present_link=present_link,
        password_attempts=password_attempts,
        blocklist=blocklist,
        hasher=hasher,
        notices=notices,
        repeat_link=repeat_link,
        device_codec=device_codec,
    )
    current_password = providers.Singleton(
        passwords.current_password,
        settings=settings,
        storage=storage,
        password_attempts=password_attempts,
        hasher=hasher,
    )
    change_password = providers.Singleton(
        passwords.change_password,
        storage=storage,
        current_user=current_user,
        current_password=current_password,
        blocklist=blocklist,
        hasher=hasher,
        notices=notices,
        replace_sessions=replace_sessions,
        device_codec=device_codec,
    )

    features = providers.Singleton(registration.features, settings=settings)
    request_registration = providers.Singleton(
        registration.request_registration,
        settings=settings,
        storage=storage,
        addresses=addresses,
        templates=templates,
    )
    invite = providers.Singleton(
        registration.invite,
        settings=settings,
        storage=storage,
        addresses=addresses,
        current_user=current_user,
    )
    list_invitations = providers.Singleton(
        registration.list_invitations, storage=storage, current_user=current_user
    )
    withdraw_invitation = providers.Singleton(
        registration.withdraw_invitation,
        settings=settings,
        storage=storage,
        current_user=current_user,
    )
    complete_registration = providers.Singleton(
        registration.complete_registration,
        settings=settings,
        storage=storage,
        present_link=present_link,
        password_attempts=password_attempts,
        blocklist=blocklist,
        hasher=hasher,
        repeat_link=repeat_link,
        device_codec=device_codec,
    )
    list_orders = providers.Singleton(orders.list_orders, storage=storage)
