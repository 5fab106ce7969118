from datetime import timedelta

import pytest

from latchkey.domain.mail.mail import FACTS, MailKind, notice
from latchkey.testing.factories import UserFactory
from latchkey.testing.frozen_clock import START

DAY = timedelta(days=1)


def test_a_notice_goes_to_the_stored_address_and_tells_when_it_was_written() -> None:
    user = UserFactory.build()

    mail = notice(MailKind.ACCOUNT_DISABLED, user, START, language="de", lifetime=DAY)

    assert (mail.recipient, mail.user_id, mail.language) == (user.email, user.id, "de")
    assert timedelta(0) <= START - mail.created_at < timedelta(milliseconds=1)
    assert mail.give_up_at == START + DAY


def test_each_notice_has_an_id_of_its_own() -> None:
    user = UserFactory.build()

    ids = {notice(MailKind.TEST, user, START, language="en", lifetime=DAY).id for _ in range(100)}

    assert len(ids) == 100


@pytest.mark.parametrize("kind", MailKind)
def test_a_notice_tells_exactly_the_facts_of_its_kind(kind: MailKind) -> None:
    user = UserFactory.build()
    facts = dict.fromkeys(FACTS[kind], "fact")

    mail = notice(kind, user, START, language="en", lifetime=DAY, **facts)

    assert mail.facts == facts
    with pytest.raises(ValueError, match="tells"):
        notice(kind, user, START, language="en", lifetime=DAY, **facts, other="fact")


def test_the_address_is_not_in_what_is_printed() -> None:
    user = UserFactory.build()

    mail = notice(MailKind.TEST, user, START, language="en", lifetime=DAY)

    assert user.email.text not in repr(mail)
