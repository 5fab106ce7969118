"""Serves the exported front end from memory, each page with its own Content Security Policy."""

import gzip
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import Final

from litestar.exceptions import MethodNotAllowedException
from litestar.types import HTTPScope, Receive, Send
from typing_extensions import override

from latchkey.entrypoints.http.responses import Headers, matches, send_whole

ELSEWHERE: Final = frozenset({".well-known", "api", "docs", "health", "openapi.json", "problems"})
_MISSING: Final = "404.html"
_MEDIA_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
_PACKED: Final = frozenset({".ico", ".png", ".woff2"})  # already compressed
_LEAST_TO_PACK: Final = 1_024  # bytes; a smaller file fits into one packet anyway
_FOREVER: Final = b"public, max-age=31536000, immutable"  # its name changes with its content
_ASK_FIRST: Final = b"no-cache"
_WELL_KNOWN: Final = "/.well-known/change-password"
_ACCOUNT: Final = "/account/"
_TO_PASSWORD: Final = (  # W3C, A Well-Known URL for Changing Passwords
    (b"location", f"{_ACCOUNT}#change-password".encode()),
    (b"cache-control", _ASK_FIRST),
    (b"content-length", b"0"),
)
_INERT: Final = "default-src 'none'; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the export, ready to be sent.

    Attributes:
        packed: The body compressed with gzip, or None if the file is not worth compressing.
        tag: The weak entity tag, the same with and without gzip (RFC 9110, section 8.8.3).
        headers: The headers that do not depend on the request.
    """

    body: bytes = field(repr=False)
    packed: bytes | None = field(repr=False)
    tag: bytes
    headers: Headers


class Frontend:
    """Serves the pages of an exported front end, and the files that they load.

    All files are read once, so a request cannot reach a path that did not exist at the start.
    """

    def __init__(self, directory: Path) -> None:
        """Read an export into memory.

        Raises:
            FileNotFoundError: The directory does not contain an export.
        """
        if not (directory / _MISSING).is_file():
            raise FileNotFoundError(f"{directory} has no exported front end (`just web` builds it)")
        self._missing = _read(directory, PurePosixPath(_MISSING))
        self._assets: dict[str, Asset] = {}
        for file in directory.rglob("*"):
            if file.is_file():
                name = PurePosixPath(file.relative_to(directory).as_posix())
                self._assets |= dict.fromkeys(_paths(name), _read(directory, name))

    def serves(self, scope: HTTPScope) -> bool:
        """Return whether the front end handles a request, and not the API.

        It handles its own files. For unknown paths, requests that accept HTML get its 404 page;
        all others get the API's problem `not_found`.
        """
        if scope["path"] in self._assets or self._leads_to_password(scope):
            return True
        is_elsewhere = scope["path"].lstrip("/").partition("/")[0] in ELSEWHERE
        accepted = dict(scope["headers"]).get(b"accept", b"")
        return not is_elsewhere and scope["method"] == "GET" and b"text/html" in accepted

    async def __call__(self, scope: HTTPScope, _: Receive, send: Send) -> None:
        """Handle a request (ASGI 3). `Edge` has turned HEAD into GET.

        Raises:
            MethodNotAllowedException: The method is not GET.
        """
        if scope["method"] != "GET":
            raise MethodNotAllowedException(headers={"allow": "GET, OPTIONS"})
        if self._leads_to_password(scope):
            await send_whole(send, 303, _TO_PASSWORD)
            return
        asset = self._assets.get(scope["path"])
        status, body, extra = _choose(asset, self._missing, dict(scope["headers"]))
        await send_whole(send, status, (asset or self._missing).headers + extra, body)

    def _leads_to_password(self, scope: HTTPScope) -> bool:
        """Return whether a password manager asks where its user changes the password."""
        return scope["path"] == _WELL_KNOWN and _ACCOUNT in self._assets


def _choose(
    asset: Asset | None, missing: Asset, request: dict[bytes, bytes]
) -> tuple[int, bytes, Headers]:
    """Choose status, body, and the headers that depend on the request."""
    if asset and matches(asset.tag, request.get(b"if-none-match", b"")):
        return 304, b"", ()
    shown = asset or missing
    packed = shown.packed if _accepts_gzip(request.get(b"accept-encoding", b"")) else None
    body = shown.body if packed is None else packed
    coding = ((b"content-encoding", b"gzip"),) if packed else ()
    return 200 if asset else 404, body, ((b"content-length", b"%d" % len(body)), *coding)


def _accepts_gzip(codings: bytes) -> bool:
    """Return whether gzip is listed with a weight above 0 (RFC 9110, section 12.5.3)."""
    for listed in codings.lower().split(b","):
        coding, _, weight = listed.replace(b" ", b"").partition(b";q=")
        if coding == b"gzip":
            return weight.strip(b"0.") != b"" or not weight
    return False


def _paths(name: PurePosixPath) -> Iterator[str]:
    """Return all paths of a file: `orders/index.html` is also at `/orders` and `/orders/`."""
    yield f"/{name}"
    if name.name == "index.html":
        folder = "" if name.parent == PurePosixPath() else f"/{name.parent}"
        yield f"{folder}/"
        if folder:
            yield folder


def _read(directory: Path, name: PurePosixPath) -> Asset:
    body = (directory / name).read_bytes()
    tag = b'W/"%s"' % sha256(body).hexdigest()[:32].encode()
    packed = None
    if name.suffix not in _PACKED and len(body) >= _LEAST_TO_PACK:
        packed = gzip.compress(body, mtime=0)
    return Asset(body, packed, tag, _headers(name, body, tag))


def _headers(name: PurePosixPath, body: bytes, tag: bytes) -> Headers:
    is_page = name.suffix == ".html"
    is_hashed = name.parts[:2] == ("_next", "static")
    media_type = _MEDIA_TYPES.get(name.suffix, "application/octet-stream")
    return (
        (b"content-type", media_type.encode()),
        (b"cache-control", _FOREVER if is_hashed else _ASK_FIRST),
        (b"content-security-policy", (_policy(body) if is_page else _INERT).encode()),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"etag", tag),
        (b"vary", b"accept, accept-encoding"),
    )


def _policy(page: bytes) -> str:
    """Return a policy that allows only the page's own inline scripts and this origin.

    Source: Content Security Policy Level 3, section 8.3 (hashes).
    """
    scripts = InlineScripts(page.decode())
    digests = [b64encode(sha256(script.encode()).digest()).decode() for script in scripts]
    allowed = " ".join(["'self'", *(f"'sha256-{digest}'" for digest in digests)])
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'self'; "
        "img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


class InlineScripts(HTMLParser):
    """The texts of the inline scripts in a page, in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self._found: list[str] = []
        self._is_inside = False
        self.feed(page)
        self.close()

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Start to collect an inline script."""
        self._is_inside = tag == "script" and "src" not in dict(attrs)
        if self._is_inside:
            self._found.append("")

    @override
    def handle_endtag(self, tag: str) -> None:
        """Stop collecting."""
        self._is_inside = False

    @override
    def handle_data(self, data: str) -> None:
        """Append text to the current script."""
        if self._is_inside:
            self._found[-1] += data
