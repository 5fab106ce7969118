"""What is in a mail, and how it is written."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_string
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTPUTF8
from typing import Final

import pytest

from latchkey.adapters.mime.composer import MimeComposer, Sender
from latchkey.adapters.mime.templates import Templates
from latchkey.domain.mail.mail import FACTS, LINKED, Mail, MailedLink, MailKind, notice
from latchkey.testing.factories import UserFactory, address
from latchkey.testing.frozen_clock import START

SENDER: Final = Sender(
    address=Address("Latchkey", addr_spec="no-reply@example.com"),
    reply_to=None,
    contact="https://example.com/help",
    url="https://auth.example.com",
    host="auth.example.com",
    service="Latchkey",
)
TOKEN: Final = "Ab-_" * 25
EVERY: Final = [(kind, language) for kind in MailKind for language in ("en", "de")]


def mail_of(kind: MailKind, language: str = "en", email: str = "ada@example.com") -> Mail:
    user = replace(UserFactory.build(), email=address(email))
    facts = dict.fromkeys(FACTS[kind], "192.0.2.7")
    return notice(kind, user, START, language=language, lifetime=timedelta(days=1), **facts)


def link_of(kind: MailKind) -> MailedLink | None:
    """Return the link of a mail that has one."""
    return MailedLink(token=TOKEN, expires_at=START) if kind in LINKED else None


@pytest.fixture
def composer() -> MimeComposer:
    return MimeComposer(Templates.load(None), SENDER, language="en")


def parsed(content: bytes) -> EmailMessage:
    return message_from_string(content.decode(), _class=EmailMessage, policy=SMTPUTF8)


def bodies(message: EmailMessage) -> tuple[EmailMessage, EmailMessage]:
    """Return the two parts, in the order in which they come."""
    text, html = message.iter_parts()
    assert isinstance(text, EmailMessage)
    assert isinstance(html, EmailMessage)
    return text, html


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_the_same_mail_is_the_same_bytes_in_every_process(kind: MailKind, language: str) -> None:
    mail = mail_of(kind, language)
    first, second = (
        MimeComposer(Templates.load(None), SENDER, language="en").compose(mail, link_of(kind))
        for _ in range(2)
    )

    assert first == second
    other = replace(mail, id=mail_of(kind).id)
    assert (
        MimeComposer(Templates.load(None), SENDER, language="en").compose(other, link_of(kind))
        != first
    )


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_a_mail_is_text_and_then_html_that_says_the_same(
    composer: MimeComposer, kind: MailKind, language: str
) -> None:
    message = parsed(composer.compose(mail_of(kind, language), link_of(kind)).content)

    text, html = bodies(message)
    assert message.get_content_type() == "multipart/alternative"
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    for paragraph in text.get_content().split("\n\n"):
        for line in filter(None, paragraph.splitlines()):
            assert line.strip() in html.get_content()
    assert message["Content-Language"] == language


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_bodies_are_7bit_or_base64_and_load_nothing(
    composer: MimeComposer, kind: MailKind, language: str
) -> None:
    content = composer.compose(mail_of(kind, language), link_of(kind)).content

    for part in bodies(parsed(content)):
        body = part.get_content()
        wanted = "7bit" if body.isascii() else "base64"
        assert part["Content-Transfer-Encoding"] == wanted
    html = bodies(parsed(content))[1].get_content()
    assert "src=" not in html
    assert "url(" not in html
    assert html.count("http") == 2 * html.count("<a ") + html.count("https://example.com/help")
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_the_link_stands_alone_on_its_line(composer: MimeComposer) -> None:
    content = composer.compose(mail_of(MailKind.PASSWORD_CHANGED)).content

    assert b"\r\nhttps://auth.example.com\r\n" in content


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.requirement("RP-3")
def test_a_link_that_was_asked_for_is_whole_and_alone_in_text_and_html(
    composer: MimeComposer, language: str
) -> None:
    mail = mail_of(MailKind.PASSWORD_RESET, language)

    content = composer.compose(mail, link_of(mail.kind)).content

    text, html = bodies(parsed(content))
    link = f"https://auth.example.com/link/?t={TOKEN}"
    assert link in text.get_content().splitlines()
    assert f'<p><a href="{link}">{link}</a></p>' in html.get_content()
    assert f"{START:%Y-%m-%d %H:%M} UTC" in text.get_content()
    if language == "en":
        assert content.count(f"\r\n{link}\r\n".encode()) == 1


def test_the_headers_are_those_of_a_mail_that_nobody_wrote(composer: MimeComposer) -> None:
    mail = mail_of(MailKind.TEST)

    message = parsed(composer.compose(mail).content)

    assert [(name, value) for name, value in message.items() if name != "Content-Type"] == [
        ("From", "Latchkey <no-reply@example.com>"),
        ("To", "ada@example.com"),
        ("Subject", "A test mail from Latchkey"),
        ("Date", "Sun, 01 Mar 2026 12:00:00 +0000"),
        ("Message-ID", f"<{mail.id.hex}@auth.example.com>"),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        ("MIME-Version", "1.0"),
        ("Content-Language", "en"),
    ]


def test_replies_go_where_the_operator_wants_them() -> None:
    sender = replace(SENDER, reply_to=Address(addr_spec="help@example.com"))
    composer = MimeComposer(Templates.load(None), sender, language="en")

    message = parsed(composer.compose(mail_of(MailKind.TEST)).content)

    assert message["Reply-To"] == "help@example.com"


@pytest.mark.parametrize(
    ("stored", "mailbox"),
    [
        ("Ada.Lovelace+x@EXAMPLE.com", "Ada.Lovelace+x@example.com"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ädä@exämple.com", "ädä@xn--exmple-cua.com"),
    ],
)
def test_a_mail_goes_to_its_one_recipient_with_the_domain_in_ascii(
    composer: MimeComposer, stored: str, mailbox: str
) -> None:
    message = composer.compose(mail_of(MailKind.TEST, email=stored))

    [recipient] = parsed(message.content)["To"].addresses
    assert message.recipient == recipient.addr_spec == mailbox
    head = message.content.partition(b"\r\n\r\n")[0]
    assert f"To: {mailbox}\r\n".encode() in head


@pytest.mark.requirement("MA-3")
def test_an_address_with_signs_of_html_is_text_in_html(composer: MimeComposer) -> None:
    mail = mail_of(MailKind.TEST, email="a&b'c@example.com")

    _, html = bodies(parsed(composer.compose(mail).content))

    assert "a&amp;b&#x27;c@example.com" in html.get_content()
    assert "a&b'c" not in html.get_content()


def test_a_language_without_templates_is_refused_at_the_start() -> None:
    with pytest.raises(KeyError):
        MimeComposer(Templates.load(None), SENDER, language="tlh")
