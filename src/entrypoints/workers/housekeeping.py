"""Keep house in the background of each worker."""

import asyncio
import secrets
from typing import Final

import structlog

from latchkey.application.sessions.prune import Prune
from latchkey.domain.kernel.errors import StorageFaultError, StorageUnavailableError

INTERVAL: Final = 3_600.0  # seconds; spread at random, so that replicas don't meet


async def prune_periodically(prune: Prune) -> None:
    """Prune about once an hour until cancelled; a storage that is away is tried next time."""
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
            log.info("pruned", sessions=pruned.sessions, attempts=pruned.attempts)
