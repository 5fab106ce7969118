"""The mails that development keeps instead of sending them."""

import re
from datetime import datetime
from html import escape
from typing import Annotated, Final

import msgspec
from litestar import Controller, MediaType, Response, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter, SkipValidation
from msgspec import Struct

from latchkey.domain.mail.mailbox import KeptMail, Mailbox
from latchkey.entrypoints.http.requests import Anyone

_MOST: Final = 100
_LINK: Final = re.compile(r"(?m)^https?://\S+$")
_PAGE: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Mailbox · Latchkey</title>
<style>body {{ font: 16px/1.5 sans-serif; max-width: 45em; margin: 2em auto; padding: 0 1em }}
pre {{ white-space: pre-wrap; background: #f4f4f4; padding: 1em }}</style>
<h1>Mailbox</h1>
<p>Development sends no mail unless SMTP_URL is set. These are the newest mails.</p>
{mails}
</html>
"""
_MAIL: Final = """<h2>{subject}</h2>
<p>To {to}, {at:%Y-%m-%d %H:%M:%S} UTC</p>
<pre>{text}</pre>
"""
_HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "cache-control": "no-store",
    "vary": "Accept",
}


class KeptMailBody(Struct, frozen=True):
    """A mail."""

    id: str
    to: str
    subject: str
    text: str
    html: str
    at: datetime

    @classmethod
    def of(cls, mail: KeptMail) -> "KeptMailBody":
        """Encode a mail."""
        return cls(
            id=mail.id, to=mail.to, subject=mail.subject, text=mail.text, html=mail.html, at=mail.at
        )


class MailboxBody(Struct, frozen=True):
    """The newest mails, newest first."""

    items: list[KeptMailBody]


class MailboxController(Controller):
    """The mailbox. It exists in development only, without a mail server."""

    path = "/mailbox"
    include_in_schema = False

    @get(public=True)
    async def read(
        self,
        request: Anyone,
        mailbox: NamedDependency[SkipValidation[Mailbox]],
        to: Annotated[str | None, QueryParameter(description="An address.")] = None,
    ) -> Response[bytes]:
        """Return the newest mails: a page for browsers, otherwise JSON."""
        mails = await mailbox.newest(to=to, limit=_MOST)
        if "text/html" in request.headers.get("accept", ""):
            page = _PAGE.format(mails="".join(map(_shown, mails)) or "<p>There are none yet.</p>")
            return Response(page.encode(), media_type=MediaType.HTML, headers=_HEADERS)
        body = MailboxBody(items=[KeptMailBody.of(mail) for mail in mails])
        return Response(msgspec.json.encode(body), media_type=MediaType.JSON, headers=_HEADERS)


def _shown(mail: KeptMail) -> str:
    text = _LINK.sub(lambda link: f'<a href="{link[0]}">{link[0]}</a>', escape(mail.text))
    return _MAIL.format(subject=escape(mail.subject), to=escape(mail.to), at=mail.at, text=text)
