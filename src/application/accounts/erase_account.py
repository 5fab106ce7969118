"""Erase a user with everything that signs them in (docs/flow.md, AC2)."""

from collections.abc import Sequence
from datetime import datetime

from latchkey.domain.accounts.user import UserId
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.session_id import SessionId
from latchkey.domain.unit_of_work import UnitOfWork


async def erase_account(unit: UnitOfWork, user_id: UserId, at: datetime) -> Sequence[SessionId]:
    """Erase a user, and delete their second factors, remembered devices and links.

    Orders and events keep the id.

    Args:
        unit: Where administration and the user are locked.
        user_id: A user who is not erased.
        at: When the account is deleted, aware UTC.

    Returns:
        The sessions that have ended.

    Raises:
        LastAdminError: The user is the only enabled administrator.
    """
    await unit.erasure.erase(user_id, at)
    await unit.factors.remove(user_id)
    await unit.remembered_devices.forget(user_id)
    ended = await unit.sessions.end_all(user_id, EndReason.ACCOUNT_DELETED)
    await unit.user_links.delete_all(user_id)
    return ended
