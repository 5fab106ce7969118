"""Mails that a deployment sends to the suite's own mail server."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from typing import Any, Self

import httpx
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True)  # with slots, aiosmtpd cannot look through it before Python 3.11.3
class PostOffice:
    """Keeps the mails that it takes, in the form in which `/mailbox` tells of them."""

    _taken: list[dict[str, Any]] = field(default_factory=list)

    def to(self, address: str) -> list[dict[str, Any]]:
        """Return the mails to an address, newest first."""
        return [mail for mail in reversed(self._taken) if mail["to"] == address]

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Take a mail."""
        message = message_from_bytes(envelope.original_content or b"", policy=POLICY)
        for recipient in envelope.rcpt_tos:
            self._taken.append(_told(message, recipient))
        return "250 2.0.0 taken"

    @classmethod
    @contextmanager
    def listening(cls, host: str, port: int) -> Iterator[Self]:
        """Take mails for the length of a block.

        Args:
            host: An address of this machine.
            port: A free port.

        Raises:
            OSError: The port is not free, or the address is of another machine.
        """
        office = cls()
        server = Controller(office, hostname=host, port=port, enable_SMTPUTF8=True)
        server.start()
        try:
            yield office
        finally:
            server.stop()


class ClientWithMails(httpx.AsyncClient):
    """A client of a deployment whose mails arrive at a post office.

    Attributes:
        post_office: Where they arrive.
    """

    def __init__(self, post_office: PostOffice, **options: Any) -> None:  # noqa: ANN401 - httpx's own
        """Create a client with any options of httpx."""
        super().__init__(**options)
        self.post_office = post_office


def _told(message: EmailMessage, recipient: str) -> dict[str, Any]:
    parts = {kind: message.get_body((kind,)) for kind in ("plain", "html")}
    text, html = (part.get_content() if part else "" for part in parts.values())
    return {
        "to": recipient,
        "subject": str(message["subject"]),
        "text": text.replace("\r\n", "\n"),
        "html": html.replace("\r\n", "\n"),
        "at": datetime.now(UTC).isoformat(),
    }
