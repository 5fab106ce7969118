"""Factories for the audit log."""

from latchkey.application.accounts.current_user import CurrentUser
from latchkey.application.audit.list_events import ListEvents
from latchkey.domain.storage import Storage


def list_events(storage: Storage, current_user: CurrentUser) -> ListEvents:
    return ListEvents(current_user=current_user, audit=storage.audit)
