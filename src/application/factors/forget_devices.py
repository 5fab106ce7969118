"""Forget remembered devices of a user (docs/flow.md, Y18)."""

from collections.abc import Collection
from datetime import datetime

from latchkey.domain.accounts.user import UserId
from latchkey.domain.audit.event import AuditAction, RequestSource, event
from latchkey.domain.factors.remembered_device import RememberedDeviceId
from latchkey.domain.unit_of_work import UnitOfWork


async def forget_devices(
    unit: UnitOfWork,
    user_id: UserId,
    now: datetime,
    source: RequestSource,
    chosen: Collection[RememberedDeviceId] | None = None,
) -> int:
    """Forget devices, and note each.

    Args:
        unit: Its caller commits. It holds the lock of the user, so that no login is under way that
            remembers another one or stands on one of these.
        user_id: Whose devices; those of other users are ignored.
        now: When, aware UTC.
        source: Where the request came from.
        chosen: Which devices, or None for all.

    Returns:
        How many there were.
    """
    forgotten = await unit.remembered_devices.forget(user_id, chosen)
    if forgotten:
        action = AuditAction.DEVICE_FORGOTTEN
        await unit.audit.append(
            *(
                event(action, now, source, user_id=user_id, remembered_device=str(device_id))
                for device_id in forgotten
            )
        )
    return len(forgotten)
