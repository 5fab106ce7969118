"""Mails in files: what was sent is what is shown."""

import stat
from dataclasses import replace
from datetime import timedelta
from email import message_from_string
from email.headerregistry import Address
from pathlib import Path
from unittest.mock import Mock

import pytest

from latchkey.adapters.mailbox import FileMailbox, mailbox
from latchkey.adapters.mime.composer import MimeComposer, Sender
from latchkey.adapters.mime.templates import Templates
from latchkey.domain.mail.mail import Mail, MailKind, notice
from latchkey.testing.factories import UserFactory, address
from latchkey.testing.frozen_clock import START

pytestmark = pytest.mark.anyio

COMPOSER = MimeComposer(
    Templates.load(None),
    Sender(
        address=Address(addr_spec="no-reply@localhost"),
        reply_to=None,
        contact="nobody",
        url="http://127.0.0.1:8000",
        host="127.0.0.1",
        service="Latchkey",
    ),
    language="en",
)


def a_mail(place: int = 0, language: str = "de") -> Mail:
    return notice(
        MailKind.PASSWORD_CHANGED,
        UserFactory.build(),
        START + place * timedelta(seconds=1),
        language=language,
        lifetime=timedelta(days=1),
    )


async def test_a_kept_mail_is_shown_as_its_recipient_would_see_it(tmp_path: Path) -> None:
    box, mail = FileMailbox(tmp_path / "mailbox"), a_mail()

    await box.send(COMPOSER.compose(mail))

    [kept] = await box.newest(to=None, limit=9)
    assert (kept.id, kept.to) == (mail.id.hex, mail.recipient.text)
    assert kept.at == START.replace(microsecond=0)
    assert kept.subject == "Ihr Passwort wurde geändert"
    assert "Wenn Sie das nicht veranlasst haben, wenden Sie sich sofort an nobody." in kept.text
    assert '<html lang="de">' in kept.html


async def test_mails_are_shown_newest_first_and_no_more_than_asked_for(tmp_path: Path) -> None:
    box = FileMailbox(tmp_path)
    mails = [a_mail(place) for place in (2, 0, 3, 1)]
    for mail in mails:
        await box.send(COMPOSER.compose(mail))

    shown = [kept.id for kept in await box.newest(to=None, limit=3)]

    assert shown == sorted((mail.id.hex for mail in mails), reverse=True)[:3]


async def test_mails_to_one_address_are_shown_alone(tmp_path: Path) -> None:
    box, wanted = FileMailbox(tmp_path), a_mail()
    for mail in (a_mail(1), wanted, a_mail(2)):
        await box.send(COMPOSER.compose(mail))

    [kept] = await box.newest(to=wanted.recipient.text, limit=1)

    assert kept.id == wanted.id.hex


async def test_an_address_beyond_ascii_is_shown_as_it_is(tmp_path: Path) -> None:
    box = FileMailbox(tmp_path)
    mail = replace(a_mail(), recipient=address("ädä@example.com"))
    await box.send(COMPOSER.compose(mail))

    [kept] = await box.newest(to="ädä@example.com", limit=9)

    assert kept.to == "ädä@example.com"
    assert "ädä@example.com" in kept.text


async def test_a_second_copy_is_no_second_mail(tmp_path: Path) -> None:
    box, mail = FileMailbox(tmp_path), a_mail()

    for _ in range(2):
        await box.send(COMPOSER.compose(mail))

    assert len(await box.newest(to=None, limit=9)) == 1


async def test_only_the_newest_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "MOST", 3)
    box = FileMailbox(tmp_path)
    mails = [a_mail(place) for place in range(5)]

    for mail in mails:
        await box.send(COMPOSER.compose(mail))

    kept = {each.id for each in await box.newest(to=None, limit=9)}
    assert kept == {mail.id.hex for mail in mails[2:]}


async def test_a_full_mailbox_parses_only_what_is_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed = Mock(wraps=message_from_string)
    monkeypatch.setattr("latchkey.adapters.mailbox.mailbox.message_from_string", parsed)
    box = FileMailbox(tmp_path)
    for place in range(mailbox.MOST):
        await box.send(COMPOSER.compose(a_mail(place)))
    await box.newest(to="somebody@example.com", limit=9)

    for place in range(mailbox.MOST, mailbox.MOST + 2):
        await box.send(COMPOSER.compose(a_mail(place)))
        await box.newest(to="somebody@example.com", limit=9)

    assert parsed.call_count == mailbox.MOST + 2


async def test_an_empty_mailbox_shows_nothing(tmp_path: Path) -> None:
    assert await FileMailbox(tmp_path / "nowhere").newest(to=None, limit=9) == ()


async def test_nobody_else_can_read_the_files(tmp_path: Path) -> None:
    await FileMailbox(tmp_path / "mailbox").send(COMPOSER.compose(a_mail()))

    [path] = (tmp_path / "mailbox").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
