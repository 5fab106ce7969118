"""Mails of a deployment, and the links in them.

They are those that its mailbox shows, or those that have arrived at the suite's own mail server.
"""

import asyncio
import re
from typing import Final

import httpx
import pytest

from latchkey.testing.flow.expectations import assert_status
from latchkey.testing.flow.post_office import ClientWithMails
from latchkey.testing.flow.visitor import JsonObject, SignedIn, Visitor

PATIENCE: Final = 20.0  # s
LULL: Final = 2.5  # s, more than two looks of a sender at the outbox
POLL: Final = 0.05  # s
RESET: Final = "Set a new password"
REGISTER: Final = "Create your account"
REGISTERED: Final = "You already have an account"
INVITED: Final = "You are invited"
CHANGED: Final = "Your password was changed"
NEW_ADDRESS: Final = "Confirm your new address"
ADDRESS_TAKEN: Final = "Your address already has an account"
ADDRESS_ASKED: Final = "Another address for your account"
DELETED: Final = "Your account was deleted"
ADDRESS_CHANGED: Final = "The address of your account was changed"
_LINK: Final = re.compile(r"^(https?://[^/\s]+)/link/\?t=([A-Za-z0-9_-]{100})$", re.MULTILINE)


async def mailbox(visitor: Visitor, to: str, subject: str | None = None) -> list[JsonObject]:
    """Return the mails to an address, oldest first; with a subject, only those that have it."""
    items = await _sent(visitor, to)
    return [mail for mail in items[::-1] if subject in {None, mail["subject"]}]


async def _sent(visitor: Visitor, to: str) -> list[JsonObject]:
    """Return the mails to an address, newest first."""
    if isinstance(visitor.http, ClientWithMails):
        return visitor.http.post_office.to(to)
    answer = await visitor.http.get("/mailbox", params={"to": to})
    if answer.status_code == httpx.codes.NOT_FOUND:
        pytest.skip("needs a deployment that sends its mails here (--smtp), or shows its mailbox")
    assert_status(answer, 200)
    items: list[JsonObject] = answer.json()["items"]
    return items


async def mails(
    visitor: Visitor, to: str, count: int, subject: str | None = None
) -> list[JsonObject]:
    """Wait until so many mails have been sent to an address."""
    async with asyncio.timeout(PATIENCE):
        while len(found := await mailbox(visitor, to, subject)) < count:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(POLL)
    return found


def subjects(found: list[JsonObject]) -> list[str]:
    """Return the subjects of mails."""
    return [mail["subject"] for mail in found]


def link_in(mail: JsonObject) -> tuple[str, str]:
    """Return the one link of a mail: the origin of the pages, and the token."""
    [(origin, token)] = _LINK.findall(mail["text"])
    assert f"{origin}/link/?t={token}" in mail["html"]
    return origin, token


async def asked(visitor: Visitor, email: str) -> None:
    """Ask for a link, which must be allowed."""
    answer = await visitor.request_reset(email)
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        pytest.skip("needs MAIL_LIMIT_SOURCE=off")
    if answer.status_code == httpx.codes.FORBIDDEN:
        pytest.skip("needs a deployment that sends mail")
    assert_status(answer, 202)


async def registered(visitor: Visitor, email: str) -> httpx.Response:
    """Ask for a link that makes an account, which must be allowed."""
    answer = await visitor.register(email)
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        pytest.skip("needs MAIL_LIMIT_SOURCE=off")
    if answer.status_code == httpx.codes.FORBIDDEN:
        pytest.skip("needs REGISTRATION=open, and a deployment that sends mail")
    assert_status(answer, 202)
    return answer


async def registration_tokens(visitor: Visitor, email: str, count: int = 1) -> list[str]:
    """Ask for links that make an account, and return their tokens, oldest first."""
    before = len(await mailbox(visitor, email, REGISTER))
    sent: list[JsonObject] = []
    for number in range(count):  # one after the other, or one mail would be for all (LK12)
        await registered(visitor, email)
        sent = await mails(visitor, email, before + number + 1, REGISTER)
    return [link_in(mail)[1] for mail in sent[before:]]


async def invitation_token(visitor: Visitor, access: str, email: str, role: str = "USER") -> str:
    """Invite somebody as an administrator, and return the token of the link."""
    before = len(await mailbox(visitor, email, INVITED))
    answer = await visitor.invite(access, email, role)
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        pytest.skip("needs MAIL_LIMIT_SOURCE=off")
    if answer.status_code == httpx.codes.FORBIDDEN:
        pytest.skip("needs a deployment that sends mail, and REGISTRATION other than off")
    assert_status(answer, 201)
    sent = await mails(visitor, email, before + 1, INVITED)
    return link_in(sent[-1])[1]


async def address_asked(visitor: Visitor, by: SignedIn, email: str) -> None:
    """Ask for another address, which must be allowed."""
    answer = await visitor.request_email_change(by.access, email, by.account.password)
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        pytest.skip("needs MAIL_LIMIT_SOURCE=off")
    if answer.status_code == httpx.codes.FORBIDDEN:
        pytest.skip("needs a deployment that sends mail")
    assert_status(answer, 202)


async def address_token(visitor: Visitor, by: SignedIn, email: str) -> str:
    """Ask for another address, and return the token of the link to it."""
    before = len(await mailbox(visitor, email.strip(), NEW_ADDRESS))
    await address_asked(visitor, by, email)
    sent = await mails(visitor, email.strip(), before + 1, NEW_ADDRESS)
    return link_in(sent[-1])[1]


async def reset_tokens(visitor: Visitor, email: str, count: int = 1) -> list[str]:
    """Ask for links to a user's address, and return their tokens, oldest first."""
    before = len(await mailbox(visitor, email, RESET))
    sent: list[JsonObject] = []
    for number in range(count):  # one after the other, or one mail would be for all (LK12)
        await asked(visitor, email)
        sent = await mails(visitor, email, before + number + 1, RESET)
    return [link_in(mail)[1] for mail in sent[before:]]


async def reset_token(visitor: Visitor, email: str) -> str:
    """Ask for a link to a user's address, and return its token."""
    [token] = await reset_tokens(visitor, email)
    return token
