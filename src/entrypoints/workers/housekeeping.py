"""Prunes old rows in the background of each worker."""

import asyncio
import secrets
from typing import Final

import structlog

from latchkey.application.sessions.prune import Prune
from latchkey.domain.kernel.errors import StorageUnavailableError

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
        else:
            log.info("pruned", sessions=pruned.sessions, attempts=pruned.attempts)
