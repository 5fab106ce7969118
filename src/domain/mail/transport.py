"""The ports that word mails and hand them over to a mail server."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from latchkey.domain.mail.mail import Mail, MailedLink


class MailRefusedError(Exception):
    """The mail server will never take this mail.

    Attributes:
        reason: Why, such as "550 5.1.1"; contains no value of the mail.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MailDelayedError(Exception):
    """The mail was not taken, or it is not known whether it was. Try again later.

    Attributes:
        reason: Why, such as "451 4.3.0" or "timeout"; contains no value of the mail.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A mail as a mail server takes it. Hidden in `repr`, since it may contain a link.

    Attributes:
        id: 32 hexadecimal digits, the same for every copy of the mail.
        recipient: The only recipient. The domain is in ASCII; the local part may be beyond it.
        content: Headers and bodies with CRLF line ends (RFC 5322; RFC 6532 if the recipient is
            beyond ASCII).
    """

    id: str
    recipient: str = field(repr=False)
    content: bytes = field(repr=False)


class MailComposer(ABC):
    """Words mails."""

    @abstractmethod
    def compose(self, mail: Mail, link: MailedLink | None = None) -> Message:
        """Return a mail as a message. The same mail always gives the same bytes.

        Args:
            mail: The mail.
            link: The link of a mail whose kind is one of `LINKED`.
        """


class MailTransport(ABC):
    """Hands messages over to a mail server."""

    @abstractmethod
    async def send(self, message: Message) -> None:
        """Hand a message over. On return the mail server is responsible for it.

        Takes a bounded time. If it is cancelled, it ends at once.

        Raises:
            MailRefusedError: The server refused this message for good, or cannot transport it.
            MailDelayedError: Anything else went wrong. The server may have taken the message.
        """
