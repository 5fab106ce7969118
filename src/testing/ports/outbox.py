"""What an outbox promises."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from latchkey.domain.mail.mail import Mail, MailKind, notice
from latchkey.domain.mail.outbox import Backlog, Claim
from latchkey.domain.storage import Storage
from latchkey.testing.factories import UserFactory, address
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.storage import AT_ONCE, MICROSECOND, SECOND
from latchkey.testing.ports.untried_mails import UntriedMailSuite

LEASE: Final = timedelta(minutes=2)
DAY: Final = timedelta(days=1)
MILLISECOND: Final = timedelta(milliseconds=1)
DUE: Final = START - SECOND  # an instant at which a mail is written, to be due at START


def mail(at: timedelta = timedelta(0), kind: MailKind = MailKind.PASSWORD_CHANGED) -> Mail:
    """Write a mail to a new user, so long after `DUE`."""
    facts = {"role": "ADMIN"} if kind is MailKind.ROLE_CHANGED else {}
    return notice(kind, UserFactory.build(), DUE + at, language="en", lifetime=DAY, **facts)


async def _claim(storage: Storage, limit: int = 100) -> tuple[Claim, ...]:
    return await storage.outbox.claim(START, until=START + LEASE, limit=limit)


async def _claim_one(storage: Storage) -> Claim:
    [claim] = await _claim(storage)
    return claim


class OutboxSuite(UntriedMailSuite):
    """Mails that are kept until they are sent. Asks for the fixture `storage`."""

    async def test_a_mail_is_claimed_as_it_was_added(self, storage: Storage) -> None:
        added = replace(
            mail(kind=MailKind.ROLE_CHANGED),
            language="de",
            recipient=address("Äda@BÜCHER.example"),
        )
        await storage.outbox.add(added)

        assert await _claim(storage) == (Claim(mail=added, attempts=1),)

    async def test_a_mail_about_nobody_is_claimed_as_it_was_added(self, storage: Storage) -> None:
        added = replace(mail(), user_id=None)
        await storage.outbox.add(added)

        assert (await _claim_one(storage)).mail == added

    async def test_nothing_is_added_but_what_is_given(self, storage: Storage) -> None:
        await storage.outbox.add()

        assert await _claim(storage) == ()

    async def test_a_claimed_mail_is_nobody_elses_until_the_claim_ends(
        self, storage: Storage
    ) -> None:
        await storage.outbox.add(mail())
        first = await _claim_one(storage)

        early = await storage.outbox.claim(START + LEASE - MICROSECOND, until=START + DAY, limit=9)
        late = await storage.outbox.claim(START + LEASE, until=START + DAY, limit=9)

        assert early == ()
        assert late == (Claim(mail=first.mail, attempts=2),)

    async def test_a_mail_is_due_when_it_was_written(self, storage: Storage) -> None:
        later = mail(SECOND + timedelta(milliseconds=1))
        await storage.outbox.add(later)

        assert await _claim(storage) == ()
        at = later.created_at
        assert len(await storage.outbox.claim(at, until=at + LEASE, limit=1)) == 1

    async def test_no_more_mails_are_claimed_than_asked_for_and_those_due_longest_first(
        self, storage: Storage
    ) -> None:
        mails = [mail(timedelta(milliseconds=10 * place)) for place in range(5)]
        await storage.outbox.add(*mails[3:], *mails[:3])

        first = await _claim(storage, limit=2)
        rest = await _claim(storage, limit=9)

        assert {claim.mail.id for claim in first} == {each.id for each in mails[:2]}
        assert {claim.mail.id for claim in rest} == {each.id for each in mails[2:]}

    async def test_of_claims_at_once_each_mail_is_in_one(self, storage: Storage) -> None:
        mails = [mail() for _ in range(2 * AT_ONCE)]
        await storage.outbox.add(*mails)

        claims = await asyncio.gather(*(_claim(storage, limit=3) for _ in range(AT_ONCE)))

        claimed = [claim.mail.id for each in claims for claim in each]
        claimed += [claim.mail.id for claim in await _claim(storage)]
        assert sorted(claimed) == sorted(each.id for each in mails)

    async def test_a_removed_mail_is_gone(self, storage: Storage) -> None:
        await storage.outbox.add(mail())
        claim = await _claim_one(storage)

        assert await storage.outbox.remove(claim.mail.id)
        assert not await storage.outbox.remove(claim.mail.id)
        assert await storage.outbox.claim(START + DAY, until=START + 2 * DAY, limit=9) == ()

    async def test_a_mail_is_removed_whoever_has_claimed_it_since(self, storage: Storage) -> None:
        await storage.outbox.add(mail())
        claim = await _claim_one(storage)
        await storage.outbox.claim(START + LEASE, until=START + DAY, limit=1)

        assert await storage.outbox.remove(claim.mail.id)

    async def test_a_postponed_mail_is_due_at_its_instant(self, storage: Storage) -> None:
        await storage.outbox.add(mail())
        claim = await _claim_one(storage)
        at = START + 3 * SECOND

        assert await storage.outbox.postpone(claim, at)

        assert await storage.outbox.claim(at - MICROSECOND, until=START + DAY, limit=9) == ()
        [again] = await storage.outbox.claim(at, until=START + DAY, limit=9)
        assert again == Claim(mail=claim.mail, attempts=2)

    async def test_a_mail_that_was_given_up_is_never_claimed_again(self, storage: Storage) -> None:
        await storage.outbox.add(mail())
        claim = await _claim_one(storage)

        assert await storage.outbox.give_up(claim, "550 5.1.1")

        assert await storage.outbox.claim(START + DAY, until=START + 2 * DAY, limit=9) == ()
        assert not await storage.outbox.give_up(claim, "550 5.1.1")
        assert not await storage.outbox.postpone(claim, START)

    @pytest.mark.parametrize("settles", ["postpone", "give_up"])
    async def test_whoever_has_lost_the_claim_changes_nothing(
        self, storage: Storage, settles: str
    ) -> None:
        await storage.outbox.add(mail())
        stale = await _claim_one(storage)
        await storage.outbox.claim(START + LEASE, until=START + DAY, limit=1)

        if settles == "postpone":
            assert not await storage.outbox.postpone(stale, START)
        else:
            assert not await storage.outbox.give_up(stale, "expired")

        assert await storage.outbox.claim(START + LEASE, until=START + DAY, limit=9) == ()
        assert len(await storage.outbox.claim(START + DAY, until=START + 2 * DAY, limit=9)) == 1

    async def test_one_mail_is_settled_and_no_other(self, storage: Storage) -> None:
        await storage.outbox.add(*(mail() for _ in range(4)))
        first, second, third, fourth = await _claim(storage)

        await storage.outbox.remove(first.mail.id)
        await storage.outbox.postpone(second, START)
        await storage.outbox.give_up(third, "address")

        left = await storage.outbox.claim(START + LEASE, until=START + DAY, limit=9)
        assert {claim.mail.id for claim in left} == {second.mail.id, fourth.mail.id}

    async def test_without_a_mail_there_is_no_backlog(self, storage: Storage) -> None:
        assert await storage.outbox.backlog() == Backlog(mails=0, oldest_at=None)

    async def test_the_backlog_has_every_mail_that_waits_and_no_other(
        self, storage: Storage
    ) -> None:
        given_up, claimed, new = mail(), mail(10 * MILLISECOND), mail(2 * SECOND)
        await storage.outbox.add(new, claimed, given_up)
        claims = {claim.mail.id: claim for claim in await _claim(storage)}
        await storage.outbox.give_up(claims[given_up.id], "expired")

        backlog = await storage.outbox.backlog()

        assert backlog == Backlog(mails=2, oldest_at=claimed.created_at)

    async def test_pruning_deletes_old_mails_that_were_given_up_and_no_others(
        self, storage: Storage
    ) -> None:
        old, kept, young = mail(), mail(), mail(SECOND)
        await storage.outbox.add(old, kept, young)
        claims = {claim.mail.id: claim for claim in await _claim(storage)}
        await storage.outbox.give_up(claims[old.id], "expired")
        await storage.outbox.give_up(claims[young.id], "expired")

        pruned = await storage.outbox.prune(START - timedelta(milliseconds=500), limit=9)
        rest = await storage.outbox.prune(START + DAY, limit=9)

        assert (pruned, rest) == (1, 1)
        [left] = await storage.outbox.claim(START + LEASE, until=START + DAY, limit=9)
        assert left.mail == kept

    async def test_pruning_deletes_no_more_than_asked_for(self, storage: Storage) -> None:
        await storage.outbox.add(*(mail() for _ in range(3)))
        for claim in await _claim(storage):
            await storage.outbox.give_up(claim, "expired")

        counts = [await storage.outbox.prune(START + DAY, limit=2) for _ in range(3)]

        assert counts == [2, 1, 0]

    async def test_a_mail_is_added_if_its_unit_of_work_is_committed(self, storage: Storage) -> None:
        committed, undone = mail(), mail()
        async with storage.units.begin() as unit:
            await unit.outbox.add(undone)
        async with storage.units.begin() as unit:
            await unit.outbox.add(committed)
            await unit.commit()

        assert (await _claim_one(storage)).mail == committed

    async def test_a_removal_is_undone_with_its_unit_of_work(self, storage: Storage) -> None:
        await storage.outbox.add(mail())
        claim = await _claim_one(storage)
        async with storage.units.begin() as unit:
            assert await unit.outbox.remove(claim.mail.id)

        assert await storage.outbox.remove(claim.mail.id)
