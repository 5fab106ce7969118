"""A real mail server for tests: STARTTLS, AUTH, SMTPUTF8, and any answer that a test wants."""

import asyncio
import ssl
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER: Final = "latchkey"
PASSWORD: Final = "canary-Kettle-58-harbour"
OK: Final = "250 2.0.0 taken"
LOST: Final = "lost"
"""The answer that never arrives: the message is taken, and the connection breaks."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that the server has taken."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    options: tuple[str, ...]
    was_encrypted: bool
    user: str | None


@dataclass
class Handler:
    """Answers RCPT and DATA as told, and keeps what it takes.

    Attributes:
        rcpt: Returns the answer to a recipient.
        data: Returns the answer to a message.
    """

    rcpt: Callable[[str], str] = lambda _: OK
    data: Callable[[Taken], str] = lambda _: OK
    taken: list[Taken] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        answer = self.rcpt(address)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        content = envelope.original_content or b""
        message = Taken(
            sender=str(envelope.mail_from),
            recipients=tuple(envelope.rcpt_tos),
            content=content,
            options=tuple(envelope.mail_options),
            was_encrypted=session.ssl is not None,
            user=_user_of(session.auth_data),
        )
        answer = self.data(message)
        if answer.startswith("2") or answer == LOST:
            self.taken.append(message)
        if answer == LOST:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return answer

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append(data.login.decode())
        is_right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=is_right, handled=is_right, auth_data=data)


def _user_of(login: object) -> str | None:
    return login.login.decode() if isinstance(login, LoginPassword) else None


@dataclass(frozen=True, slots=True)
class Server:
    """A running mail server."""

    port: int
    handler: Handler

    def url(self, *, user: str | None = USER, password: str = PASSWORD, options: str = "") -> str:
        """Return the setting `SMTP_URL` for it."""
        who = f"{user}:{password}@" if user else ""
        return f"smtp://{who}localhost:{self.port}{options}"


@contextmanager
def mail_server(
    context: ssl.SSLContext | None,
    *,
    handler: Handler | None = None,
    has_login: bool = True,
    has_utf8: bool = True,
    port: int = 0,
) -> Iterator[Server]:
    """Run a mail server in a thread; it offers STARTTLS if it has a certificate."""
    kept = handler or Handler()
    loop = asyncio.new_event_loop()

    def protocol() -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a login without TLS: a client must not use it
            return SMTP(
                kept,
                hostname="localhost",
                loop=loop,
                tls_context=context,
                require_starttls=context is not None,
                auth_required=has_login,
                auth_require_tls=context is not None,
                authenticator=kept.authenticate if has_login else None,
                enable_SMTPUTF8=has_utf8,
                decode_data=False,
            )

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    listening = loop.create_server(protocol, "127.0.0.1", port)
    listener = asyncio.run_coroutine_threadsafe(listening, loop).result(10)
    try:
        yield Server(listener.sockets[0].getsockname()[1], kept)
    finally:
        asyncio.run_coroutine_threadsafe(_end(listener), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _end(listener: asyncio.Server) -> None:
    """Close the listener and what is left of conversations."""
    listener.close()
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
