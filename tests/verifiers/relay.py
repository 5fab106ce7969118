"""Serves, over a socket, a service that lives in the tests' process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
from typing_extensions import override

from latchkey.testing.flow.published_keys import JWKS


@dataclass(slots=True)
class Relay:
    """The address of a service, which may be another service later, or none.

    Attributes:
        url: Its address.
        service: A client of the service; None responds to nothing.
        fetched: How often the list of keys was fetched.
    """

    url: str
    service: httpx.Client | None = None
    fetched: int = 0


class _Server(ThreadingHTTPServer):
    relay: Relay


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        relay = self.server.relay
        if relay.service is None:
            return  # the connection is closed without a response
        relay.fetched += self.path == JWKS
        answer = relay.service.get(self.path)
        self.send_response(answer.status_code)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.content)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


@contextmanager
def relay() -> Iterator[Relay]:
    """Serve for the length of a block; at first without a service."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.relay = Relay(f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.relay
        finally:
            server.shutdown()
            thread.join()
