"""A service that a proxy protects: it answers with the user that the proxy names."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from typing_extensions import override


class _Orders(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        user = self.headers.get("X-User", "nobody").encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(user)))
        self.end_headers()
        self.wfile.write(user)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


@contextmanager
def guarded() -> Iterator[str]:
    """Serve for the length of a block; return the address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Orders) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
