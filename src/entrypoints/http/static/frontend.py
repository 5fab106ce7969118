"""Serve the exported front end: known bytes from memory, each page with the policy it needs."""

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

from latchkey.entrypoints.http.responses import Headers, send_whole

ELSEWHERE: Final = frozenset({"api", "docs", "health", "openapi.json", "problems"})
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
_PACKED: Final = frozenset({".ico", ".png", ".woff2"})  # gzip makes these no smaller
_LEAST_TO_PACK: Final = 1_024  # bytes; about a packet travels as fast whole
_FOREVER: Final = b"public, max-age=31536000, immutable"  # its name changes with its content
_ASK_FIRST: Final = b"no-cache"
_INERT: Final = "default-src 'none'; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the export, ready to be sent.

    Attributes:
        packed: The same, gzip-coded, where that is smaller; None where it isn't.
        tag: Weak entity tag, the same for both codings (RFC 9110, section 8.8.3).
        headers: All but those that depend on the request.
    """

    body: bytes = field(repr=False)
    packed: bytes | None = field(repr=False)
    tag: bytes
    headers: Headers


class Frontend:
    """Answers for the pages of an exported front end and what they load.

    Everything is read once, so a request can name no path that wasn't there at the start.
    """

    def __init__(self, directory: Path) -> None:
        """Read an export into memory.

        Raises:
            FileNotFoundError: The directory has no export in it.
        """
        if not (directory / _MISSING).is_file():
            raise FileNotFoundError(f"{directory} has no exported front end (`just web` makes it)")
        self._missing = _read(directory, PurePosixPath(_MISSING))
        self._assets: dict[str, Asset] = {}
        for file in directory.rglob("*"):
            if file.is_file():
                name = PurePosixPath(file.relative_to(directory).as_posix())
                self._assets |= dict.fromkeys(_paths(name), _read(directory, name))

    def answers(self, scope: HTTPScope) -> bool:
        """Tell whether a request is the front end's to answer.

        What is not of the export it answers for those who look for a page; everybody else gets
        the problem that any unknown path gets.
        """
        if scope["path"] in self._assets:
            return True
        is_elsewhere = scope["path"].lstrip("/").partition("/")[0] in ELSEWHERE
        accepted = dict(scope["headers"]).get(b"accept", b"")
        return not is_elsewhere and scope["method"] == "GET" and b"text/html" in accepted

    async def __call__(self, scope: HTTPScope, _: Receive, send: Send) -> None:
        """Answer a request (ASGI 3); HEAD comes as GET, the edge sees to that.

        Raises:
            MethodNotAllowedException: The method is another.
        """
        if scope["method"] != "GET":
            raise MethodNotAllowedException(headers={"allow": "GET, OPTIONS"})
        asset = self._assets.get(scope["path"])
        status, body, extra = _chosen(asset, self._missing, dict(scope["headers"]))
        await send_whole(send, status, (asset or self._missing).headers + extra, body)


def _chosen(
    asset: Asset | None, missing: Asset, asked: dict[bytes, bytes]
) -> tuple[int, bytes, Headers]:
    """Choose status, body, and the headers that depend on the request."""
    if asset and _has(asset.tag, asked.get(b"if-none-match", b"")):
        return 304, b"", ()
    shown = asset or missing
    packed = shown.packed if _accepts_gzip(asked.get(b"accept-encoding", b"")) else None
    body = shown.body if packed is None else packed
    coding = ((b"content-encoding", b"gzip"),) if packed else ()
    return 200 if asset else 404, body, ((b"content-length", b"%d" % len(body)), *coding)


def _has(tag: bytes, tags: bytes) -> bool:
    """Compare weakly with what a client has (RFC 9110, section 13.1.2)."""
    known = {given.strip().removeprefix(b"W/") for given in tags.split(b",")}
    return bool(known & {tag.removeprefix(b"W/"), b"*"})


def _accepts_gzip(codings: bytes) -> bool:
    """Tell whether gzip is listed and not refused with a weight of 0 (RFC 9110, 12.5.3)."""
    for listed in codings.lower().split(b","):
        coding, _, weight = listed.replace(b" ", b"").partition(b";q=")
        if coding == b"gzip":
            return weight.strip(b"0.") != b"" or not weight
    return False


def _paths(name: PurePosixPath) -> Iterator[str]:
    """Name the paths of a file: `orders/index.html` is `/orders` and `/orders/`, too."""
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
    """Allow a page its own inline scripts by their hashes, and nothing from elsewhere.

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
    """The text of each script that stands in a page."""

    def __init__(self, page: str) -> None:
        """Read a page."""
        super().__init__()
        self._found: list[str] = []
        self._is_inside = False
        self.feed(page)
        self.close()

    def __iter__(self) -> Iterator[str]:
        """Give the scripts in the page's order."""
        return iter(self._found)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a script, if it has no other source."""
        self._is_inside = tag == "script" and "src" not in dict(attrs)
        if self._is_inside:
            self._found.append("")

    @override
    def handle_endtag(self, tag: str) -> None:
        """End whatever began."""
        self._is_inside = False

    @override
    def handle_data(self, data: str) -> None:
        """Go on with the script that began."""
        if self._is_inside:
            self._found[-1] += data
