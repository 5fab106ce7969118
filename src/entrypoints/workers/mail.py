"""The task of each worker that sends mails. Any worker sends what any process has written."""

import asyncio
import secrets
from typing import Final

import structlog

from latchkey.application.mail.send_mails import Outcome, SendMails
from latchkey.domain.kernel.errors import StorageFaultError, StorageUnavailableError
from latchkey.domain.mail.outbox import Claim
from latchkey.entrypoints.observability.causes import cause_of

PAUSE: Final = 1.0  # seconds between two looks at an empty outbox, with jitter
_SLOTS: Final = 4  # mails that one worker sends at once
_PATIENCE: Final = 5.0  # seconds for the mails in flight when the worker stops
_OUTAGE: Final = 5.0  # seconds to wait for a storage that is unavailable
_FAULT: Final = 60.0  # seconds to wait for an operator to correct the storage

_log: Final = structlog.get_logger("latchkey.mail")


async def send_until_cancelled(send_mails: SendMails) -> None:
    """Send mails as they come, a few at once, until cancelled; then let those in flight finish.

    A mail whose sending takes long delays no other, as long as a slot is free.
    """
    sending: set[asyncio.Task[None]] = set()
    try:
        while True:
            free = _SLOTS - len(sending)
            claims = await _claim(send_mails, free) if free else ()
            sending |= {asyncio.create_task(_send(send_mails, claim)) for claim in claims}
            is_full = len(sending) == _SLOTS
            sending = await _wait(sending, 0 if claims and not is_full else _pause())
    finally:
        if sending:
            _, late = await asyncio.wait(sending, timeout=_PATIENCE)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)


async def _wait(sending: set[asyncio.Task[None]], seconds: float) -> set[asyncio.Task[None]]:
    """Wait for one mail or so long, and return the mails that are still being sent."""
    if not sending:
        await asyncio.sleep(seconds)
        return sending
    _, left = await asyncio.wait(sending, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    return left


async def _claim(send_mails: SendMails, limit: int) -> tuple[Claim, ...]:
    try:
        return await send_mails.claim(limit)
    except StorageUnavailableError as error:
        _log.warning("mail_waits_for_storage", cause=cause_of(error))
        await asyncio.sleep(_OUTAGE)
    except StorageFaultError as error:
        _log.error("mail_cannot_be_claimed", cause=str(error))
        await asyncio.sleep(_FAULT)
    return ()


async def _send(send_mails: SendMails, claim: Claim) -> None:
    log = _log.bind(kind=str(claim.mail.kind), mail=str(claim.mail.id), attempts=claim.attempts)
    try:
        delivery = await send_mails.send(claim)
    except StorageUnavailableError as error:
        log.warning("mail_not_noted", cause=cause_of(error))
    except Exception:  # the claim ends, and the mail is tried again
        log.exception("mail_error")
    else:
        is_fine = delivery.outcome in {Outcome.SENT, Outcome.UNNEEDED}
        write = log.info if is_fine else log.warning
        write(str(delivery.outcome), reason=delivery.reason)


def _pause() -> float:
    return PAUSE * (0.75 + secrets.randbelow(500) / 1_000)
