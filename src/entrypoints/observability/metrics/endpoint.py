"""The parent's own HTTP server, which serves the metrics and nothing else."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from time import monotonic_ns
from typing import Final

from typing_extensions import override

from latchkey.adapters.shared_memory import NoBlockError, SharedBlocks, claim
from latchkey.entrypoints.observability.metrics.catalogue import LAYOUT
from latchkey.entrypoints.observability.metrics.exposition import CONTENT_TYPE, write
from latchkey.entrypoints.observability.metrics.meter import Meter
from latchkey.entrypoints.observability.metrics.parent import ParentGauges
from latchkey.entrypoints.settings import Settings

MEMORY: Final = "LATCHKEY_METRICS_MEMORY"
"""The variable by which the parent tells its workers where the memory is; no setting."""

_PATH: Final = "/metrics"
_TIMEOUT: Final = 2.0  # s for a client to send its request, and to take the response


@contextmanager
def exposed(settings: Settings) -> Iterator[None]:
    """Serve the metrics of all workers that are started in the block, if `METRICS_PORT` is set.

    Raises:
        OSError: Nobody can listen there.
    """
    os.environ.pop(MEMORY, None)
    address = settings.metrics.address
    if address is None:
        yield
        return
    places = 2 * settings.server.workers  # one may still end while its successor starts
    with SharedBlocks.created(places, LAYOUT.cells) as memory:
        gauges = ParentGauges(settings)
        os.environ[MEMORY] = memory.path
        with _listening(address, lambda: _text(memory, gauges)):
            yield


def attached(settings: Settings) -> Meter | None:
    """Return the meter of this worker, or None if nothing is to be counted.

    Must be called once in a process.

    Raises:
        NoBlockError: The parent has no memory for this worker.
    """
    if settings.metrics.port is None:
        return None
    if MEMORY not in os.environ:
        raise NoBlockError(f"{MEMORY} is unset; only `latchkey serve` counts")
    return Meter(claim(os.environ[MEMORY], LAYOUT.cells))


def _text(memory: SharedBlocks, gauges: ParentGauges) -> str:
    blocks, now = memory.read(), monotonic_ns()
    return write(blocks, now, gauges.samples(blocks, now))


@contextmanager
def _listening(address: tuple[str, int], text: Callable[[], str]) -> Iterator[None]:
    """Serve in a thread. A worker that is forked keeps nothing of it: its port ends with us."""
    with _Server(address, text) as server:
        os.register_at_fork(after_in_child=server.socket.close)
        threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
        try:
            yield
        finally:
            server.shutdown()


class _Server(HTTPServer):
    """Serves one client at a time, so that no flood of them can take more than a thread."""

    def __init__(self, address: tuple[str, int], text: Callable[[], str]) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.text = text
        super().__init__(address, _Handler)

    @override
    def handle_error(self, request: object, client_address: object) -> None:
        """Log nothing, unlike the base class, if a client disconnects or sends no request."""

    @override
    def server_bind(self) -> None:
        """Bind without asking a name server who we are."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)


class _Handler(BaseHTTPRequestHandler):
    timeout = _TIMEOUT
    server: _Server

    def do_GET(self) -> None:  # the name that http.server looks for
        if self.path.partition("?")[0] != _PATH:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        body = self.server.text().encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", CONTENT_TYPE)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    @override
    def version_string(self) -> str:
        return "latchkey"

    @override
    def log_message(self, *_: object) -> None:
        """Log nothing: a scrape is no event."""
