"""What each worker does beside its requests."""

import asyncio
import secrets
from typing import Final

import structlog

from latchkey.application.sessions.prune import Prune
from latchkey.domain.kernel.errors import StorageFaultError, StorageUnavailableError
from latchkey.entrypoints.observability.refusals import RefusalLog

FLUSH_INTERVAL: Final = 60.0  # seconds
INTERVAL: Final = 3_600.0  # seconds, with jitter so that replicas do not prune together


async def prune_periodically(prune: Prune) -> None:
    """Prune about once an hour until cancelled. If the storage is unavailable, skip one round."""
    log = structlog.get_logger("latchkey.housekeeping")
    while True:
        await asyncio.sleep(INTERVAL * (0.5 + secrets.randbelow(1_000) / 1_000))
        try:
            pruned = await prune()
        except StorageUnavailableError:
            log.warning("prune_postponed")
        except StorageFaultError as error:
            log.error("prune_failed", cause=str(error))  # noqa: TRY400 - says all without a traceback
        else:
            log.info(
                "pruned",
                sessions=pruned.sessions,
                attempts=pruned.attempts,
                mails=pruned.mails,
                links=pruned.links,
                devices=pruned.devices,
            )


async def flush_periodically(refusals: RefusalLog) -> None:
    """Log the counts of refused attacks once a minute until cancelled."""
    while True:
        await asyncio.sleep(FLUSH_INTERVAL)
        refusals.flush()
