"""A proxy that loses, delays and replaces responses, as networks and proxies do."""

import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from time import monotonic
from typing import Final

import httpx
from typing_extensions import override

_TIMEOUT: Final = 30.0  # s
_HOP_BY_HOP: Final = {"connection", "transfer-encoding", "content-length", "keep-alive"}


def _nothing() -> None:
    return


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A response that is sent in place of the service's."""

    status: int
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What happens to one request.

    Attributes:
        first: Is called before anything else.
        reply: Is sent in place of the service's response; then the service gets nothing.
        arrives: Whether the request reaches the service; otherwise the connection is closed.
        then: Is called once the service has responded, before the response goes on.
        is_lost: Whether the connection is closed in place of the response.
    """

    first: Callable[[], object] = _nothing
    reply: Reply | None = None
    arrives: bool = True
    then: Callable[[], object] = _nothing
    is_lost: bool = False


NONE: Final = Fault()
LOST: Final = Fault(is_lost=True)
UNSENT: Final = Fault(arrives=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A request as it arrived.

    Attributes:
        at: When, in seconds of `time.monotonic`.
    """

    method: str
    path: str
    headers: httpx.Headers
    body: bytes
    at: float

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies by name."""
        pairs = (self.headers.get("Cookie") or "").split("; ")
        return {name: value for name, _, value in (pair.partition("=") for pair in pairs) if name}


@dataclass(slots=True, kw_only=True)
class Meddler:
    """The proxy; each path has a queue of faults, and what follows passes.

    Attributes:
        url: Where it listens.
        seen: All requests, in the order of their arrival.
    """

    service_port: int
    url: str = ""
    seen: list[Seen] = field(default_factory=list)
    _faults: defaultdict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    _in_flight: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    _most: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def plan(self, path: str, *faults: Fault | Reply) -> None:
        """Add faults for the next requests to a path."""
        self._faults[path] += [
            Fault(reply=each) if isinstance(each, Reply) else each for each in faults
        ]

    def requests(self, path: str) -> list[Seen]:
        """Return the requests to a path."""
        return [each for each in self.seen if each.path == path]

    def most_at_once(self, path: str) -> int:
        """Return how many requests to a path were in flight together, at most."""
        return self._most[path]

    def begin(self, seen: Seen) -> Fault:
        """Note a request, and return what happens to it."""
        with self._lock:
            self.seen.append(seen)
            self._in_flight[seen.path] += 1
            self._most[seen.path] = max(self._most[seen.path], self._in_flight[seen.path])
            faults = self._faults[seen.path]
            return faults.popleft() if faults else NONE

    def end(self, seen: Seen) -> None:
        """Note that a request is not in flight any more."""
        with self._lock:
            self._in_flight[seen.path] -= 1


class _Server(ThreadingHTTPServer):
    """A thread for each connection."""

    def __init__(self, meddler: Meddler) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.meddler = meddler


class _Handler(BaseHTTPRequestHandler):
    """One request on one connection."""

    server: _Server

    def do_GET(self) -> None:
        """Note the request, and let happen to it what is planned."""
        length = int(self.headers.get("Content-Length") or 0)
        path, _, _ = self.path.partition("?")
        body = _read_chunks(self.rfile) if self.headers.get("Transfer-Encoding") else None
        seen = Seen(
            method=self.command,
            path=path,
            headers=httpx.Headers(self.headers.items()),
            body=self.rfile.read(length) if body is None else body,
            at=monotonic(),
        )
        fault = self.server.meddler.begin(seen)
        try:
            self._answer(fault, seen)
        finally:
            self.server.meddler.end(seen)

    do_POST = do_GET  # noqa: N815 - the name that http.server calls

    def _answer(self, fault: Fault, seen: Seen) -> None:
        fault.first()
        if fault.reply:
            self._send(fault.reply)
        elif fault.arrives:
            reply = self._forwarded(seen.body)
            fault.then()
            if not fault.is_lost:
                self._send(reply)

    def _forwarded(self, body: bytes) -> Reply:
        port = self.server.meddler.service_port
        service = HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT)
        headers = {k: v for k, v in self.headers.items() if k.lower() not in _HOP_BY_HOP}
        service.request(self.command, self.path, body, headers)
        response = service.getresponse()
        text = response.read().decode()
        service.close()
        return Reply(status=response.status, body=text, headers=(*response.getheaders(),))

    def _send(self, reply: Reply) -> None:
        body = reply.body.encode()
        self.send_response(reply.status)
        for name, value in reply.headers:
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    @override
    def log_message(self, format: str, *arguments: object) -> None:
        """Write nothing."""


def _read_chunks(stream: BufferedIOBase) -> bytes:
    """Read a chunked body (RFC 9112, 7.1)."""
    body = b""
    while size := int(stream.readline(), 16):
        body += stream.read(size)
        stream.readline()
    stream.readline()
    return body


@contextmanager
def meddling(service_port: int) -> Iterator[Meddler]:
    """Run a proxy in front of a service on the loopback."""
    meddler = Meddler(service_port=service_port)
    server = _Server(meddler)
    meddler.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield meddler
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
