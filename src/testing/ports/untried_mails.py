"""What an outbox promises of mails that replace others."""

import asyncio
from dataclasses import replace
from typing import Final

import pytest

from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.kernel.identifier import new_id
from latchkey.domain.mail.mail import Mail, MailId, MailKind
from latchkey.domain.mail.outbox import Claim
from latchkey.domain.storage import Storage
from latchkey.testing.factories import address
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.storage import AT_ONCE, SECOND
from latchkey.testing.ports.suite import AsyncSuite

ADA: Final = address("Ada@example.org")
UNTIL: Final = START + 60 * SECOND


def link_mail(
    recipient: EmailAddress = ADA, kind: MailKind = MailKind.PASSWORD_RESET, language: str = "en"
) -> Mail:
    """Write a mail with a link to an address."""
    return Mail(
        id=MailId(new_id(START)),
        kind=kind,
        language=language,
        recipient=recipient,
        user_id=None,
        facts={},
        give_up_at=UNTIL,
    )


async def claimed(storage: Storage, limit: int = 100) -> list[Claim]:
    """Claim what is due."""
    claims = await storage.outbox.claim(START + SECOND, until=UNTIL, limit=limit)
    return sorted(claims, key=lambda claim: claim.mail.id)


class UntriedMailSuite(AsyncSuite):
    """A mail replaces those like it that nobody has tried to send."""

    async def test_a_mail_that_replaces_none_is_stored_as_it_is(self, storage: Storage) -> None:
        mail = link_mail()

        await storage.outbox.replace(mail)

        assert await claimed(storage) == [Claim(mail=mail, attempts=1)]

    async def test_of_mails_like_each_other_the_newest_is_left(self, storage: Storage) -> None:
        newest = link_mail(address("ada@EXAMPLE.org"), language="de")
        await storage.outbox.add(link_mail(), link_mail())

        await storage.outbox.replace(link_mail())
        await storage.outbox.replace(newest)

        assert await claimed(storage) == [Claim(mail=newest, attempts=1)]

    @pytest.mark.parametrize(
        "other",
        [link_mail(kind=MailKind.REGISTRATION), link_mail(address("bob@example.org"))],
        ids=["of another kind", "to another address"],
    )
    async def test_other_mails_stay(self, storage: Storage, other: Mail) -> None:
        await storage.outbox.add(other)
        mail = link_mail()

        await storage.outbox.replace(mail)

        assert {claim.mail.id for claim in await claimed(storage)} == {other.id, mail.id}

    async def test_a_mail_that_was_tried_stays(self, storage: Storage) -> None:
        tried, mail = link_mail(), link_mail()
        await storage.outbox.add(tried)
        [claim] = await claimed(storage)
        await storage.outbox.postpone(claim, START)

        await storage.outbox.replace(mail)

        assert [each.mail for each in await claimed(storage)] == [tried, mail]

    async def test_a_claimed_mail_stays_with_its_claim(self, storage: Storage) -> None:
        tried = link_mail()
        await storage.outbox.add(tried)
        [claim] = await claimed(storage)

        await storage.outbox.replace(link_mail())

        assert await storage.outbox.give_up(claim, "550")

    async def test_of_mails_at_once_one_is_left(self, storage: Storage) -> None:
        mails = [link_mail() for _ in range(AT_ONCE)]

        await asyncio.gather(*(storage.outbox.replace(mail) for mail in mails))

        [claim] = await claimed(storage)
        assert claim.mail in mails

    async def test_a_mail_that_is_not_committed_replaces_none(self, storage: Storage) -> None:
        mail = link_mail()
        await storage.outbox.add(mail)

        async with storage.units.begin() as unit:
            await unit.outbox.replace(replace(link_mail(), language="de"))

        assert await claimed(storage) == [Claim(mail=mail, attempts=1)]
