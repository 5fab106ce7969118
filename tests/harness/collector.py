"""A collector of traces: takes them by OTLP over HTTP, and keeps what it got."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span
from typing_extensions import override


@dataclass(slots=True)
class Collector:
    """What was received.

    Attributes:
        url: What OTEL_EXPORTER_OTLP_ENDPOINT has to be.
        bodies: The requests, decompressed, as they came.
    """

    url: str
    bodies: list[bytes] = field(default_factory=list)

    @property
    def received(self) -> list[ResourceSpans]:
        """What came, by the process that has sent it."""
        requests = [ExportTraceServiceRequest.FromString(body) for body in self.bodies]
        return [each for request in requests for each in request.resource_spans]

    @property
    def spans(self) -> list[Span]:
        """Every span that came."""
        scopes = [scope for each in self.received for scope in each.scope_spans]
        return [span for scope in scopes for span in scope.spans]


@contextmanager
def collecting() -> Iterator[Collector]:
    """Run a collector on the loopback for the length of a block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name that http.server looks for
            assert self.path == "/v1/traces"
            assert self.headers["Content-Type"] == "application/x-protobuf"
            collector.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        @override
        def log_message(self, *_: object) -> None:
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        collector = Collector(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield collector
        finally:
            server.shutdown()


@contextmanager
def hanging() -> Iterator[str]:
    """Accept connections on the loopback and never answer; return what the endpoint has to be."""
    with socket.create_server(("127.0.0.1", 0)) as server:  # the system accepts for it
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
