"""Writes mails as MIME messages: the same mail always gives the same bytes."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from html import escape
from typing import Final

from typing_extensions import override

from latchkey.adapters.mime.template import MailTemplate
from latchkey.adapters.mime.templates import Templates
from latchkey.domain.mail.mail import Mail, MailedLink
from latchkey.domain.mail.transport import MailComposer, Message

# A longer line would make Python split a link in two (RFC 5322, 2.1.1, allows 998 characters).
_LINE: Final = 990
_LAYOUT: Final = """\
<!doctype html>
<html lang="{language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{subject}</title></head>
<body style="margin:0;padding:24px;font:16px/1.5 sans-serif;color:#1a1a1a;background:#ffffff">
<div style="max-width:560px;margin:0 auto">
{paragraphs}
</div>
</body>
</html>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who mails come from.

    Attributes:
        address: What `From` says, and the envelope, too.
        reply_to: Where replies go, or None for `address`.
        contact: What a mail names for users who did not do what it tells: an address or a URL.
        url: The origin of the pages, without a path.
        host: The host of `url`, on the right of each `Message-ID`.
        service: What mails call the service.
    """

    address: Address
    reply_to: Address | None
    contact: str
    url: str
    host: str
    service: str


class MimeComposer(MailComposer):
    """Fills in templates, and writes text and HTML into one message (RFC 2046, section 5.1.4)."""

    def __init__(self, templates: Templates, sender: Sender, *, language: str) -> None:
        """Compose mails from one sender.

        Args:
            templates: The templates of all kinds.
            sender: Who the mails come from.
            language: The language of a mail for whose own there are no templates.

        Raises:
            KeyError: There are no templates for `language`.
        """
        self._templates = templates
        self._sender = sender
        self._fallback = language
        _ = templates.by_language[language]

    @override
    def compose(self, mail: Mail, link: MailedLink | None = None) -> Message:
        language, template = self._templates.of(mail.kind, mail.language, self._fallback)
        values = {
            **mail.facts,
            "contact": self._sender.contact,
            "email": mail.recipient.text,
            "service": self._sender.service,
            "time": _told(mail.created_at),
            "url": self._sender.url,
        }
        if link is not None:
            values["link"] = link_address(self._sender.url, link.token)
            values["until"] = _told(link.expires_at)
        message = self._headed(mail, template.render_subject(values))
        _write_bodies(message, mail, language, template, values)
        return Message(id=mail.id.hex, recipient=mail.recipient.mailbox, content=message.as_bytes())

    def _headed(self, mail: Mail, subject: str) -> EmailMessage:
        """Return a message with its headers, always in one order."""
        recipient = mail.recipient.mailbox
        policy = SMTP if recipient.isascii() else SMTPUTF8
        message = EmailMessage(policy.clone(max_line_length=_LINE))
        message["From"] = self._sender.address
        local, _, domain = recipient.rpartition("@")
        message["To"] = Address(username=local, domain=domain)  # never parsed as a list
        if self._sender.reply_to is not None:
            message["Reply-To"] = self._sender.reply_to
        message["Subject"] = subject
        message["Date"] = format_datetime(mail.created_at.replace(microsecond=0))
        message["Message-ID"] = f"<{mail.id.hex}@{self._sender.host}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834, section 5
        message["X-Auto-Response-Suppress"] = "All"
        return message


def link_address(url: str, token: str) -> str:
    """Return the address of the page that a link opens.

    Args:
        url: The origin of the pages, without a path.
        token: What the link is good with.
    """
    return f"{url}/link/?t={token}"


def _write_bodies(
    message: EmailMessage,
    mail: Mail,
    language: str,
    template: MailTemplate,
    values: dict[str, str],
) -> None:
    """Write the text and then the HTML, which says the same."""
    text = template.render_text(values)
    html = _LAYOUT.format(
        language=escape(language),
        subject=escape(template.render_subject(values)),
        paragraphs=template.render_html(values),
    )
    message.set_content(text, cte=_encoding(text))
    message.add_alternative(html, subtype="html", cte=_encoding(html))
    message.set_boundary(f"=_{mail.id.hex}")
    message["Content-Language"] = language  # only now: it would have become the first part's


def _told(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _encoding(body: str) -> str:
    """Return how a body is encoded. Quoted-printable would change links, so it is never used."""
    return "7bit" if body.isascii() else "base64"
