"""The task that sends mails, while some of them are slow or fail."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import cast

import pytest
import structlog

from latchkey.application.mail.send_mails import Delivery, Outcome, SendMails
from latchkey.domain.mail.mail import MailKind, notice
from latchkey.domain.mail.outbox import Claim
from latchkey.entrypoints.workers.mail import send_until_cancelled
from latchkey.testing.factories import UserFactory
from latchkey.testing.frozen_clock import START

pytestmark = pytest.mark.anyio


def a_claim() -> Claim:
    mail = notice(
        MailKind.PASSWORD_CHANGED,
        UserFactory.build(),
        START,
        language="en",
        lifetime=timedelta(days=1),
    )
    return Claim(mail=mail, attempts=1)


class Sending:
    """Three mails that wait: one takes for ever, one ends in an error, and one is sent."""

    def __init__(self) -> None:
        self.slow, self.broken, self.good = self.waiting = [a_claim() for _ in range(3)]
        self.goes_on, self.is_sent = asyncio.Event(), asyncio.Event()
        self.sent: list[Claim] = []

    async def claim(self, limit: int) -> tuple[Claim, ...]:
        taken, self.waiting = self.waiting[:limit], self.waiting[limit:]
        return tuple(taken)

    async def send(self, claim: Claim) -> Delivery:
        if claim is self.broken:
            raise RuntimeError("not foreseen")
        if claim is self.slow:
            await self.goes_on.wait()
        self.sent.append(claim)
        self.is_sent.set()
        return Delivery(outcome=Outcome.SENT)


@contextmanager
def running(sending: Sending) -> Iterator[asyncio.Task[None]]:
    task = asyncio.create_task(send_until_cancelled(cast("SendMails", sending)))
    with structlog.testing.capture_logs():
        yield task


async def test_a_slow_mail_and_a_broken_one_delay_no_other_and_the_end_waits_for_both() -> None:
    sending = Sending()
    with running(sending) as task:
        async with asyncio.timeout(5):
            await sending.is_sent.wait()
        assert sending.sent == [sending.good]
        later = a_claim()
        sending.waiting.append(later)
        sending.is_sent.clear()
        async with asyncio.timeout(5):
            await sending.is_sent.wait()
        assert sending.sent == [sending.good, later]

        task.cancel()
        await asyncio.sleep(0)
        sending.goes_on.set()
        await asyncio.wait([task], timeout=5)

    assert sending.sent == [sending.good, later, sending.slow]
    assert task.cancelled()
