"""Factories for mail."""

from datetime import timedelta
from email.headerregistry import Address
from typing import Final

from latchkey.adapters.mailbox import FileMailbox
from latchkey.adapters.mime.composer import MimeComposer, Sender
from latchkey.adapters.mime.templates import Templates
from latchkey.adapters.smtp.config import SmtpConfig
from latchkey.adapters.smtp.transport import SmtpTransport
from latchkey.application.links.prepare_link import PrepareLink
from latchkey.application.mail.notices import Notices
from latchkey.application.mail.send_mails import SendMails
from latchkey.domain.accounts.email_address import EmailAddressParser
from latchkey.domain.mail.mailbox import Mailbox
from latchkey.domain.mail.transport import MailComposer, MailTransport
from latchkey.domain.storage import Storage
from latchkey.entrypoints.settings import Settings

LEASE: Final = timedelta(minutes=2)  # twice as long as an attempt to send may take
_DEV_SENDER: Final = Address("Latchkey", addr_spec="no-reply@localhost")
_DEV_CONTACT: Final = "the operator of this service"
_MAILBOX: Final = "mailbox"


def notices(settings: Settings) -> Notices:
    return Notices(
        is_on=settings.has_mail,
        language=settings.mail.language,
        lifetime=settings.mail.retry_for,
    )


def templates(settings: Settings) -> Templates:
    """Load all templates.

    Raises:
        TemplatesError: Templates are missing or faulty.
    """
    return Templates.load(settings.mail.templates)


def composer(settings: Settings, templates: Templates) -> MailComposer:
    address = settings.mail.sender or _DEV_SENDER
    sender = Sender(
        address=address,
        reply_to=settings.mail.reply_to,
        contact=settings.mail.contact or _DEV_CONTACT,
        url=settings.public_url,
        host=settings.public_host,
        service=address.display_name or settings.public_host,
    )
    return MimeComposer(templates, sender, language=settings.mail.language)


def transport(settings: Settings) -> MailTransport:
    """Send mails by SMTP if a server is set; otherwise keep them, as development does."""
    config = settings.mail.smtp
    if config is None:
        return FileMailbox(settings.home / _MAILBOX)
    return smtp(settings, config)


def smtp(settings: Settings, config: SmtpConfig) -> SmtpTransport:
    sender = settings.mail.sender or _DEV_SENDER
    return SmtpTransport(config, sender=sender.addr_spec, name=settings.public_host)


def mailbox(settings: Settings) -> Mailbox:
    return FileMailbox(settings.home / _MAILBOX)


def send_mails(
    storage: Storage,
    prepare_link: PrepareLink,
    addresses: EmailAddressParser,
    composer: MailComposer,
    transport: MailTransport,
) -> SendMails:
    return SendMails(
        outbox=storage.outbox,
        units=storage.units,
        prepare_link=prepare_link,
        addresses=addresses,
        composer=composer,
        transport=transport,
        clock=storage.clock,
        lease=LEASE,
    )
