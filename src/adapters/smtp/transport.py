"""Hands messages over by SMTP (RFC 5321), each on a connection of its own."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

import aiosmtplib
from typing_extensions import override

from latchkey.adapters.smtp.config import SmtpConfig, Tls
from latchkey.domain.mail.transport import (
    MailDelayedError,
    MailRefusedError,
    MailTransport,
    Message,
)

DEADLINE: Final = 60.0  # s, from the connection to the last answer
_GOODBYE: Final = 2.0  # s
_ENHANCED: Final = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}\b")
_PERMANENT: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpOffer:
    """What a mail server offers once a client has authenticated.

    Attributes:
        extensions: Their keywords in lower case, sorted.
    """

    extensions: tuple[str, ...]


class SmtpTransport(MailTransport):
    """A connection for each message: nothing is shared, and nothing is left behind.

    After an error, or when its task is cancelled, the connection is cut. aiosmtplib's own context
    manager would send QUIT then, and wait for the answer as long as for any other.
    """

    def __init__(
        self,
        config: SmtpConfig,
        *,
        sender: str,
        name: str,
        trust: ssl.SSLContext | None = None,
        deadline: float = DEADLINE,
    ) -> None:
        """Set up the transport; opens no connection.

        Args:
            config: The mail server.
            sender: The address in the envelope, to which bounces go.
            name: What this machine calls itself; looking its name up would block.
            trust: Whose certificates are accepted; those that the machine trusts if None.
            deadline: How long a message may take, in seconds.
        """
        self._config = config
        self._sender = sender
        self._name = name
        self._trust = trust or ssl.create_default_context()
        self._deadline = deadline

    @override
    async def send(self, message: Message) -> None:
        async with self._connected() as client:
            options = []
            if not message.recipient.isascii():  # RFC 6531, section 3.4
                if not client.supports_extension("smtputf8"):
                    raise MailRefusedError("smtputf8")
                options = ["SMTPUTF8", "BODY=8BITMIME"]
            await _hand_over(client, self._sender, message, options)
            await _quit(client)

    async def check(self) -> SmtpOffer:
        """Connect and authenticate, send nothing, and return what the server offers.

        Raises:
            MailDelayedError: That failed; the reason says why.
        """
        async with self._connected() as client:
            extensions = tuple(sorted(client.esmtp_extensions))
            await _quit(client)
            return SmtpOffer(extensions=extensions)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[aiosmtplib.SMTP]:
        """Provide a connection, encrypted as configured and authenticated, until the deadline."""
        client = self._client()
        try:
            async with asyncio.timeout(self._deadline):
                await client.connect()
                if client.is_ehlo_or_helo_needed:
                    await client.ehlo()
                yield client
        except (MailRefusedError, MailDelayedError):
            raise
        except ssl.SSLError as error:
            raise MailDelayedError(_tls_reason(error)) from error
        except TimeoutError as error:  # aiosmtplib's, too
            raise MailDelayedError("timeout") from error
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise MailDelayedError(_reason(error)) from error
        finally:
            if isinstance(client.transport, asyncio.WriteTransport):
                client.transport.abort()  # closing would wait for the other side of TLS
            client.close()

    def _client(self) -> aiosmtplib.SMTP:
        config = self._config
        return aiosmtplib.SMTP(
            hostname=config.host,
            port=config.port,
            username=config.user,
            password=config.password if config.user else None,
            local_hostname=self._name,
            timeout=self._deadline,
            use_tls=config.tls is Tls.IMPLICIT,
            start_tls=config.tls is Tls.STARTTLS,
            tls_context=None if config.tls is Tls.NONE else self._trust,
        )


async def _quit(client: aiosmtplib.SMTP) -> None:
    """Send QUIT (RFC 5321, section 4.1.1.10). Failures are ignored, since all is done by now."""
    with suppress(aiosmtplib.SMTPException, TimeoutError):
        async with asyncio.timeout(_GOODBYE):
            await client.quit()


async def _hand_over(
    client: aiosmtplib.SMTP, sender: str, message: Message, options: list[str]
) -> None:
    """Send one message.

    Raises:
        MailRefusedError: The server refused recipient or content for good. A refused sender or
            login is a fault of the configuration, which can be corrected: that only delays.
        MailDelayedError: The server refused them for now.
    """
    try:
        await client.sendmail(sender, [message.recipient], message.content, mail_options=options)
    except aiosmtplib.SMTPRecipientsRefused as error:
        raise _refusal(error.recipients[0]) from error
    except aiosmtplib.SMTPDataError as error:
        raise _refusal(error) from error


def _refusal(
    answer: aiosmtplib.SMTPResponseException,
) -> MailRefusedError | MailDelayedError:
    kind = MailRefusedError if answer.code >= _PERMANENT else MailDelayedError
    return kind(_reason(answer))


def _reason(error: Exception) -> str:
    """Describe an error by codes and types only, since a server's text may contain an address."""
    if isinstance(error, aiosmtplib.SMTPResponseException) and error.code > 0:
        enhanced = _ENHANCED.search(error.message)  # RFC 3463
        return f"{error.code} {enhanced[0]}" if enhanced else str(error.code)
    if isinstance(error, aiosmtplib.SMTPServerDisconnected):
        return "disconnected"
    cause = error.__cause__ or error
    if isinstance(cause, OSError):
        return f"connection: {cause.strerror or type(cause).__name__}"
    return (
        f"{type(error).__name__}: {error}"
        if type(error) is aiosmtplib.SMTPException
        else (type(error).__name__)
    )


def _tls_reason(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"tls: {error.verify_message}"
    return f"tls: {error.reason or type(error).__name__}"
