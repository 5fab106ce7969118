"""What the list of mails in an outbox promises."""

from dataclasses import replace
from datetime import timedelta

import pytest

from latchkey.domain.kernel.page import Page
from latchkey.domain.mail.mail import Mail, MailId
from latchkey.domain.mail.outbox import Claim
from latchkey.domain.mail.queue import MailStatus, QueuedMail
from latchkey.domain.storage import Storage
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.lists import read_all, rows_of
from latchkey.testing.ports.outbox import DAY, LEASE, mail
from latchkey.testing.ports.storage import SECOND, UTC_ONLY, offsets, out_of_order
from latchkey.testing.ports.suite import AsyncSuite

WAITING, FAILED = MailStatus.WAITING, MailStatus.FAILED


async def _added(storage: Storage, count: int) -> list[Mail]:
    """Add mails that are one second apart, and return them newest first."""
    mails = [mail(timedelta(seconds=-number)) for number in range(count)]
    await storage.outbox.add(*out_of_order(mails))
    return mails


async def _failed(storage: Storage, count: int) -> list[QueuedMail]:
    """Keep mails that were given up; newest first."""
    mails = await _added(storage, count)
    claims = await storage.outbox.claim(START, until=START + LEASE, limit=100)
    by_id = {claim.mail.id: claim for claim in claims}
    for each in mails:
        await storage.outbox.give_up(by_id[each.id], "550")
    return [
        QueuedMail(mail=each, due_at=START + LEASE, attempts=1, failure="550") for each in mails
    ]


class MailQueueSuite(AsyncSuite):
    """All that the list of mails in an outbox promises. Asks for the fixture `storage`."""

    @pytest.mark.parametrize("status", MailStatus)
    async def test_an_empty_outbox_is_one_empty_page(
        self, storage: Storage, status: MailStatus
    ) -> None:
        page = await storage.mail_queue.page(status, after=None, limit=1)

        assert page == Page(items=(), next=None)

    async def test_mails_that_wait_are_listed_as_they_are(self, storage: Storage) -> None:
        failed = await _failed(storage, 2)
        added = await _added(storage, 3)

        waiting = await storage.mail_queue.page(WAITING, after=None, limit=9)
        given_up = await storage.mail_queue.page(FAILED, after=None, limit=9)

        assert waiting.items == tuple(
            QueuedMail(mail=each, due_at=each.created_at) for each in added
        )
        assert given_up.items == tuple(failed)
        assert offsets(*(row.due_at for row in waiting.items)) == UTC_ONLY

    async def test_a_claimed_mail_waits_until_its_claim_ends(self, storage: Storage) -> None:
        [added] = await _added(storage, 1)
        await storage.outbox.claim(START, until=START + LEASE, limit=1)

        [listed] = (await storage.mail_queue.page(WAITING, after=None, limit=9)).items

        assert listed == QueuedMail(mail=added, due_at=START + LEASE, attempts=1)

    @pytest.mark.parametrize("status", MailStatus)
    @pytest.mark.parametrize("limit", [1, 2, 3, 6, 7])
    async def test_pages_have_every_mail_once(
        self, storage: Storage, status: MailStatus, limit: int
    ) -> None:
        if status is FAILED:
            expected = [row.mail for row in await _failed(storage, 7)]
        else:
            expected = await _added(storage, 7)

        pages = await read_all(
            lambda after: storage.mail_queue.page(status, after=after, limit=limit)
        )

        assert [row.mail for row in rows_of(pages)] == expected
        assert all(1 <= len(page.items) <= limit for page in pages)
        assert len(pages) == -(-7 // limit)

    async def test_a_failed_mail_that_is_tried_again_is_due_at_once(self, storage: Storage) -> None:
        first, second = await _failed(storage, 2)
        later = START + 2 * DAY

        is_retried = await storage.mail_queue.retry(
            MailId(second.id), later, give_up_at=later + DAY
        )

        expected = replace(second.mail, give_up_at=later + DAY)
        claims = await storage.outbox.claim(later, until=later + LEASE, limit=9)
        assert is_retried
        assert claims == (Claim(mail=expected, attempts=2),)
        assert (await storage.mail_queue.page(FAILED, after=None, limit=9)).items == (first,)

    async def test_a_mail_that_is_tried_again_is_not_due_before(self, storage: Storage) -> None:
        [failed] = await _failed(storage, 1)
        later = START + DAY
        await storage.mail_queue.retry(MailId(failed.id), later, give_up_at=later + DAY)

        claims = await storage.outbox.claim(later - SECOND, until=later + LEASE, limit=9)

        assert claims == ()

    async def test_only_failed_mails_are_tried_again(self, storage: Storage) -> None:
        [waiting] = await _added(storage, 1)
        retry = storage.mail_queue.retry

        assert not await retry(waiting.id, START + DAY, give_up_at=START + 2 * DAY)
        assert not await retry(mail().id, START + DAY, give_up_at=START + 2 * DAY)

        [listed] = (await storage.mail_queue.page(WAITING, after=None, limit=9)).items
        assert listed == QueuedMail(mail=waiting, due_at=waiting.created_at)
