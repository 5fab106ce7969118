"""The only place that connects ports with adapters: builds every use case from its parts.

Each provider wraps a typed factory, so that the type checker sees how a use case is built. There is
one file of factories for each capability. `tests/unit/entrypoints/test_container.py` builds
every provider and compares what it is given with what its factory asks for.
"""

from dependency_injector import providers

from latchkey.entrypoints.container import administration, audit, own_account
from latchkey.entrypoints.container.core import Core


class Container(Core):
    """Every use case of one process. All providers are synchronous, and build each part once."""

    read_account = providers.Singleton(
        own_account.read_account, storage=Core.storage, current_user=Core.current_user
    )
    request_email_change = providers.Singleton(
        own_account.request_email_change,
        settings=Core.settings,
        storage=Core.storage,
        current_user=Core.current_user,
        current_password=Core.current_password,
        addresses=Core.addresses,
        notices=Core.notices,
        templates=Core.templates,
    )
    cancel_email_change = providers.Singleton(
        own_account.cancel_email_change, storage=Core.storage, current_user=Core.current_user
    )
    change_email = providers.Singleton(
        own_account.change_email,
        settings=Core.settings,
        storage=Core.storage,
        present_link=Core.present_link,
        password_attempts=Core.password_attempts,
        hasher=Core.hasher,
        notices=Core.notices,
        repeat_link=Core.repeat_link,
        device_codec=Core.device_codec,
    )
    change_name = providers.Singleton(
        own_account.change_name, storage=Core.storage, current_user=Core.current_user
    )
    delete_account = providers.Singleton(
        own_account.delete_account,
        storage=Core.storage,
        current_user=Core.current_user,
        current_password=Core.current_password,
        notices=Core.notices,
    )

    prepare_user = providers.Singleton(
        administration.prepare_user,
        storage=Core.storage,
        addresses=Core.addresses,
        hasher=Core.hasher,
        blocklist=Core.blocklist,
    )
    bootstrap = providers.Singleton(
        administration.bootstrap,
        settings=Core.settings,
        storage=Core.storage,
        prepare_user=prepare_user,
    )
    create_user = providers.Singleton(
        administration.create_user,
        storage=Core.storage,
        prepare_user=prepare_user,
        current_user=Core.current_user,
    )
    list_users = providers.Singleton(
        administration.list_users, storage=Core.storage, current_user=Core.current_user
    )
    search_users = providers.Singleton(
        administration.search_users, storage=Core.storage, current_user=Core.current_user
    )
    get_user = providers.Singleton(
        administration.get_user, storage=Core.storage, current_user=Core.current_user
    )
    show_user = providers.Singleton(
        administration.show_user, storage=Core.storage, get_user=get_user
    )
    change_user = providers.Singleton(
        administration.change_user,
        storage=Core.storage,
        current_user=Core.current_user,
        notices=Core.notices,
    )
    list_user_sessions = providers.Singleton(
        administration.list_user_sessions, get_user=get_user, session_list=Core.session_list
    )
    end_user_sessions = providers.Singleton(
        administration.end_user_sessions,
        storage=Core.storage,
        current_user=Core.current_user,
        get_user=get_user,
        notices=Core.notices,
    )
    send_reset = providers.Singleton(
        administration.send_reset, get_user=get_user, request_reset=Core.request_reset
    )
    set_password = providers.Singleton(
        administration.set_password,
        storage=Core.storage,
        notices=Core.notices,
        hasher=Core.hasher,
        blocklist=Core.blocklist,
    )
    reset_factors = providers.Singleton(
        administration.reset_factors, storage=Core.storage, notices=Core.notices
    )
    delete_user = providers.Singleton(
        administration.delete_user, storage=Core.storage, notices=Core.notices
    )
    issue_reset = providers.Singleton(
        administration.issue_reset,
        settings=Core.settings,
        storage=Core.storage,
        prepare_link=Core.prepare_link,
    )
    recompute_emails = providers.Singleton(
        administration.recompute_emails, storage=Core.storage, addresses=Core.addresses
    )
    list_mails = providers.Singleton(
        administration.list_mails, storage=Core.storage, current_user=Core.current_user
    )
    retry_mail = providers.Singleton(
        administration.retry_mail, settings=Core.settings, storage=Core.storage
    )
    send_test_mail = providers.Singleton(
        administration.send_test_mail,
        settings=Core.settings,
        storage=Core.storage,
        addresses=Core.addresses,
        current_user=Core.current_user,
    )
    list_events = providers.Singleton(
        audit.list_events, storage=Core.storage, current_user=Core.current_user
    )
