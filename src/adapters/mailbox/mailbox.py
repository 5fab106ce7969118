"""Mails in a directory, one file each."""

import asyncio
import os
from collections.abc import Iterator
from email import message_from_string
from email.message import EmailMessage
from email.policy import SMTPUTF8
from email.utils import parsedate_to_datetime
from itertools import islice
from pathlib import Path
from typing import Final

from typing_extensions import override

from latchkey.domain.mail.mailbox import KeptMail, Mailbox
from latchkey.domain.mail.transport import MailTransport, Message

MOST: Final = 500  # files; the oldest are deleted
_ENDING: Final = ".eml"


class FileMailbox(MailTransport, Mailbox):
    """Keeps the newest mails in files, which any mail program opens.

    The processes of one service share the directory. A second copy replaces the first.
    """

    def __init__(self, directory: Path) -> None:
        """Keep mails in a directory, which is created with the first mail."""
        self._directory = directory
        self._parsed: dict[Path, KeptMail] = {}  # to parse one takes a millisecond

    @override
    async def send(self, message: Message) -> None:
        await asyncio.to_thread(self._write, message)

    @override
    async def newest(self, *, to: str | None, limit: int) -> tuple[KeptMail, ...]:
        return await asyncio.to_thread(lambda: tuple(islice(self._read(to), limit)))

    def _write(self, message: Message) -> None:
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self._directory / f"{message.id}.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_bytes(message.content)
        draft.replace(self._directory / f"{message.id}{_ENDING}")
        for old in self._newest_first()[MOST:]:
            old.unlink(missing_ok=True)

    def _read(self, to: str | None) -> Iterator[KeptMail]:
        paths = self._newest_first()
        before = self._parsed
        self._parsed = {path: before[path] for path in paths if path in before}
        for path in paths:
            try:
                mail = self._kept(path)
            except FileNotFoundError:  # another process has just deleted it
                continue
            if to in {None, mail.to}:
                yield mail

    def _kept(self, path: Path) -> KeptMail:
        """Parse a file, once: it stays as it is."""
        parsed = self._parsed
        if path not in parsed:
            parsed[path] = _parse(path)
        return parsed[path]

    def _newest_first(self) -> list[Path]:
        """Return the files: their names are identifiers, which begin with the time."""
        return sorted(self._directory.glob(f"*{_ENDING}"), reverse=True)


def _parse(path: Path) -> KeptMail:
    source = path.read_bytes().decode()  # bodies are ASCII, and headers are UTF-8 (RFC 6532)
    message = message_from_string(source, _class=EmailMessage, policy=SMTPUTF8)
    return KeptMail(
        id=path.stem,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        at=parsedate_to_datetime(message["Date"]),
    )


def _body(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return "" if body is None else str(body.get_content()).replace("\r\n", "\n")
