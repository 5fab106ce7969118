"""The tasks of each worker that show how busy it is, if metrics are on."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Final

from latchkey.adapters.bcrypt import BcryptPasswordHasher
from latchkey.domain.kernel.errors import StorageFaultError, StorageUnavailableError
from latchkey.domain.storage import Storage
from latchkey.entrypoints.observability.metrics.meter import Meter

EVERY: Final = 1.0  # s between two looks at the worker itself
OUTBOX_EVERY: Final = 15.0  # s between two questions to the database


async def show_periodically(meter: Meter, storage: Storage, hasher: BcryptPasswordHasher) -> None:
    """Show until cancelled how busy the worker is, and what the database answers."""
    try:
        await _show_outbox(meter, storage)  # before anything is shown, or it would look down
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_show_load(meter, storage, hasher))
            tasks.create_task(_show_outbox_periodically(meter, storage))
    finally:
        meter.end()


async def _show_load(meter: Meter, storage: Storage, hasher: BcryptPasswordHasher) -> None:
    while True:
        offset = storage.clock.now() - datetime.now(UTC)
        meter.show_load(storage.connections(), hasher.load, offset)
        meter.show_alive()
        await asyncio.sleep(EVERY)


async def _show_outbox_periodically(meter: Meter, storage: Storage) -> None:
    while True:
        await asyncio.sleep(OUTBOX_EVERY)
        await _show_outbox(meter, storage)


async def _show_outbox(meter: Meter, storage: Storage) -> None:
    try:
        backlog = await storage.outbox.backlog()
    except (StorageUnavailableError, StorageFaultError):
        meter.show_no_database()
        return
    now = storage.clock.now()
    age = max(timedelta(0), now - (backlog.oldest_at or now))
    meter.show_outbox(backlog.mails, age)
