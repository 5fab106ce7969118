"""What the tests of SMTP share."""

import ssl
from typing import Final

import pytest

from harness.mail_server import Server
from latchkey.adapters.smtp.config import SmtpConfig
from latchkey.adapters.smtp.transport import SmtpTransport
from latchkey.domain.mail.transport import MailDelayedError, Message

SENDER: Final = "no-reply@example.com"
MESSAGE: Final = Message(
    id="1", recipient="ada@example.com", content=b"Subject: Hi\r\n\r\n.dot\r\nText\r\n"
)


def transport_to(
    server: Server, trust: ssl.SSLContext | None = None, *, url: str = "", deadline: float = 20
) -> SmtpTransport:
    """Make a transport to a server, which is authenticated with unless the URL is another."""
    config = SmtpConfig.of(url or server.url())
    return SmtpTransport(
        config, sender=SENDER, name="auth.example.com", trust=trust, deadline=deadline
    )


async def delayed(transport: SmtpTransport, message: Message = MESSAGE) -> str:
    """Send a message that is delayed, and return the reason."""
    with pytest.raises(MailDelayedError) as caught:
        await transport.send(message)
    return caught.value.reason
