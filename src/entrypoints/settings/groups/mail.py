"""Settings of mail: the server that takes it, who it comes from, and what it is about."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.headerregistry import Address
from email.policy import SMTP
from pathlib import Path
from typing import ClassVar, Final

from latchkey.adapters.smtp.config import SmtpConfig
from latchkey.entrypoints.settings.kinds import BOOLEAN, PATH, TEXT, Kind, duration, optional, utf8
from latchkey.entrypoints.settings.variable import Change, Group, setting

_ORIGIN: Final = re.compile(r"(https?)://(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:[0-9]{1,5})?/?")
_ADDRESS: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


def _origin(text: str) -> str:
    if not _ORIGIN.fullmatch(text.lower()):
        raise ValueError(text)
    return text.lower().rstrip("/")


def _https_fault(origin: str | None) -> Iterator[str]:
    if origin is not None and not origin.startswith("https:"):
        yield f"is {origin!r}"


def _mailbox(text: str) -> Address:
    """Parse a header value with one mailbox: a name or none, and an ASCII address."""
    try:
        header = SMTP.header_factory("From", text)
    except (AttributeError, IndexError):  # of the parser itself, such as for 0@[
        raise ValueError(text) from None
    is_alone = len(header.groups) == 1 and header.groups[0].display_name is None
    if header.defects or not is_alone:
        raise ValueError(text)
    address: Address = header.addresses[0]
    spec = address.addr_spec
    if not _ADDRESS.fullmatch(spec) or not text.strip().endswith((spec, f"<{spec}>")):
        raise ValueError(text)
    return address


def _mailbox_faults(text: str) -> Iterator[str]:
    try:
        _ = text and _mailbox(text)
    except ValueError:
        yield f"is {text!r}"


def _language(text: str) -> str:
    if not _LANGUAGE.fullmatch(text):
        raise ValueError(text)
    return text


ORIGIN: Final = Kind(form="an origin without a path, e.g. https://auth.example.com", parse=_origin)
HTTPS_ORIGIN: Final = Kind(
    form="an https origin without a path in production, e.g. https://auth.example.com",
    parse=lambda text: _origin(text) if text else None,
    check=_https_fault,
)
SMTP_URL: Final = Kind(
    form="smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465, with special"
    " characters in user and password percent-encoded; ?tls=none only for a loopback host",
    parse=SmtpConfig.of,
)
MAILBOX: Final = Kind(
    form="one ASCII address, with a name or without, e.g. Latchkey <no-reply@example.com>",
    parse=utf8,
    check=_mailbox_faults,
)
LANGUAGE: Final = Kind(form="a language tag (RFC 5646), e.g. en", parse=_language)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings(Group):
    """How mail is sent, and who it comes from.

    Attributes:
        smtp: None for no mail in production, and for the mailbox in development.
        public_url: None for the address that the service listens on, in development.
    """

    title: ClassVar[str] = "Mail"

    smtp: SmtpConfig | None = setting(
        "SMTP_URL",
        optional(SMTP_URL),
        is_secret=True,
        doc="The mail server. If unset, production sends no mail, and development keeps mails in"
        " LATCHKEY_HOME and shows them on /mailbox. With it, MAIL_FROM and MAIL_CONTACT are"
        " required, and in production PUBLIC_URL.",
    )
    public_url: str | None = setting(
        "PUBLIC_URL",
        optional(ORIGIN),
        production=Change(kind=HTTPS_ORIGIN),
        doc="Where users find the pages; mails link to it. Its host must be in ALLOWED_HOSTS, or"
        " the origin in CORS_ORIGINS. If unset, in development: where the service listens.",
    )
    given_sender: str = setting(
        "MAIL_FROM", MAILBOX, doc="Who mails come from. Bounces go there, too."
    )
    given_reply_to: str = setting(
        "MAIL_REPLY_TO", MAILBOX, doc="Where replies go. If unset: to MAIL_FROM."
    )
    contact: str = setting(
        "MAIL_CONTACT",
        TEXT,
        doc="Whom mails name for users who did not do what a mail tells: an address or a URL.",
    )
    language: str = setting(
        "MAIL_LANGUAGE",
        LANGUAGE,
        "en",
        doc="The language of notices, and of mails with links whose requests want no other language"
        " that there are texts for.",
    )
    templates: Path | None = setting(
        "MAIL_TEMPLATES",
        optional(PATH),
        doc="A directory whose files replace the texts of mails, or add a language.",
    )
    retry_for: timedelta = setting(
        "MAIL_RETRY_FOR",
        duration(timedelta(minutes=1), timedelta(days=7)),
        "24h",
        doc="How long a mail is tried.",
    )
    retention: timedelta = setting(
        "MAIL_RETENTION",
        duration(timedelta(0), timedelta(days=366)),
        "30d",
        doc="How long a mail that could not be sent is kept, counted from when it was written.",
    )
    notifies_of_sign_in: bool = setting(
        "NOTIFY_NEW_SIGN_IN",
        BOOLEAN,
        "true",
        doc="Whether users get a mail when somebody signs in to their account from a device that"
        " it does not know.",
    )

    @property
    def sender(self) -> Address | None:
        """Who mails come from, or None if that is unset."""
        return _mailbox(self.given_sender) if self.given_sender else None

    @property
    def reply_to(self) -> Address | None:
        """Where replies go, or None for the sender."""
        return _mailbox(self.given_reply_to) if self.given_reply_to else None
