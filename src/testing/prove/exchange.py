"""A request and its response as text for people, with the secrets in them shortened."""

import re
from collections.abc import Iterator
from typing import Final

import httpx

from latchkey.testing.flow.deployments import GOOD_PASSWORD

_PASSWORD: Final = re.compile(r'("password"\s*:\s*")((?:[^"\\]|\\.)+)')
_LONG: Final = re.compile(r"[A-Za-z0-9_\-.~+/]{40,}=*")
_OWN_HEADERS: Final = frozenset(
    {
        "accept",
        "accept-encoding",
        "connection",
        "content-length",
        "date",
        "host",
        "keep-alive",
        "server",
        "transfer-encoding",
        "user-agent",
    }
)
_BODY: Final = 400  # characters
_KEPT: Final = 6  # characters of a secret, to tell one from another
_HINT: Final = 2  # characters of a password


def shorten(text: str) -> str:
    """Shorten each password, and every text that is long enough to be a token."""
    text = _PASSWORD.sub(lambda found: f"{found[1]}{found[2][:_HINT]}…", text)
    text = text.replace(GOOD_PASSWORD, f"{GOOD_PASSWORD[:_HINT]}…")
    return _LONG.sub(lambda found: f"{found[0][:_KEPT]}…", text)


def sent(request: httpx.Request) -> list[str]:
    """Describe a request: its first line, its headers and its body."""
    first = f"{request.method} {request.url.raw_path.decode('ascii', 'replace')}"
    return [shorten(first), *_headers(request.headers), *_body(_content_of(request))]


def received(response: httpx.Response) -> list[str]:
    """Describe a response: its first line, its headers and its body."""
    first = f"{response.status_code} {response.reason_phrase}".rstrip()
    lines = [first, *_headers(response.headers), *_body(response.content)]
    password = _password_of(response.request)
    return [line.replace(password, f"{password[:_HINT]}…") for line in lines] if password else lines


def _password_of(request: httpx.Request) -> str:
    """Return the password that a request has sent, since a bad response may repeat it."""
    found = _PASSWORD.search(_content_of(request).decode(errors="replace"))
    return found[2] if found and len(found[2]) > _KEPT else ""


def _headers(headers: httpx.Headers) -> Iterator[str]:
    for name, value in headers.multi_items():
        if name not in _OWN_HEADERS:
            yield shorten(f"{name.title()}: {value}")


def _body(content: bytes) -> Iterator[str]:
    text = shorten(content[: _BODY * 8].decode(errors="replace"))
    if content:
        cut = len(text) > _BODY or len(content) > _BODY * 8
        yield f"{text[:_BODY].rstrip('…')}… ({len(content)} bytes)" if cut else text


def _content_of(request: httpx.Request) -> bytes:
    try:
        return request.content
    except httpx.RequestNotRead:
        return b"(a body in chunks)"
