"""Traces for OpenTelemetry: a span for each sampled request. Needs the extra `otel`."""

import asyncio
import threading
from contextlib import suppress
from importlib.metadata import version
from typing import Final

from litestar.types import ASGIApp, HTTPScope, LifeSpanSendMessage, Message, Receive, Scope, Send
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import TraceIdRatioBased
from opentelemetry.trace import Span, SpanContext, SpanKind, StatusCode

from latchkey.entrypoints.http.pipeline.client import is_http, trace_of

_FLUSH_WITHIN: Final = 5.0  # s for the last spans when the worker stops
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})
_OTHER: Final = "_OTHER"
_FAILURE: Final = 500


def provider_of(endpoint: str, share: float) -> TracerProvider:
    """Return a provider that sends spans to a collector, in batches and in a thread of its own.

    The decision to sample is ours alone: a client's `traceparent` has no say in it. What the
    collector does not take is dropped, so an outage of it takes neither time nor memory.

    Args:
        endpoint: A URL without the path of the signal.
        share: The share of the requests that have a span, 0 to 1.
    """
    given = Resource.create()  # what OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say
    resource = Resource({SERVICE_VERSION: version("latchkey")}).merge(given)
    if str(given.attributes[SERVICE_NAME]).startswith("unknown_service"):
        resource = resource.merge(Resource({SERVICE_NAME: "latchkey"}))
    provider = TracerProvider(
        sampler=TraceIdRatioBased(share), resource=resource, shutdown_on_exit=False
    )
    exporter = OTLPSpanExporter(endpoint=f"{endpoint}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider


class Traced:
    """Makes a span for a request: its method, its route, its status, and nothing that it has sent.

    A trace begins here. If the client names one by `traceparent`, the span has a link to it.

    Source: OpenTelemetry, "Semantic Conventions for HTTP Spans", HTTP server.
    """

    def __init__(self, app: ASGIApp, provider: TracerProvider) -> None:
        self._app = app
        self._provider = provider
        self._tracer = provider.get_tracer("latchkey", version("latchkey"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request, or the lifespan, whose end sends the last spans (ASGI 3)."""
        if is_http(scope):
            await self._trace(scope, receive, send)
            return

        async def send_last(message: Message | LifeSpanSendMessage) -> None:
            if message["type"] == "lifespan.shutdown.complete":
                await self._flush()
            await send(message)  # type: ignore[arg-type] # both kinds go the same way

        await self._app(scope, receive, send_last)

    async def _trace(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        span = self._tracer.start_span("request", context=Context(), kind=SpanKind.SERVER)
        if not span.is_recording():
            await self._app(scope, receive, send)
            return
        method, status = str(scope["method"]), 0

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        finally:
            _link(span, scope)
            _describe(span, method if method in _METHODS else _OTHER, scope, status)
            span.end()

    async def _flush(self) -> None:
        loop, done = asyncio.get_running_loop(), asyncio.Event()

        def shut_down() -> None:
            self._provider.shutdown()
            with suppress(RuntimeError):  # it took too long, and the loop is closed
                loop.call_soon_threadsafe(done.set)

        threading.Thread(target=shut_down, name="spans", daemon=True).start()
        try:
            await asyncio.wait_for(done.wait(), _FLUSH_WITHIN)
        except TimeoutError:
            return


def _describe(span: Span, method: str, scope: HTTPScope, status: int) -> None:
    route = scope.get("path_template")
    span.update_name(f"{method} {route}" if route else method)
    span.set_attribute("http.request.method", method)
    if route:
        span.set_attribute("http.route", route)
    if status:
        span.set_attribute("http.response.status_code", status)
    if status >= _FAILURE:
        span.set_status(StatusCode.ERROR)


def _link(span: Span, scope: HTTPScope) -> None:
    headers = [value for name, value in scope["headers"] if name == b"traceparent"]
    named = trace_of(headers[0]) if len(headers) == 1 else None
    if named is not None:
        trace_id, span_id = (int(text, 16) for text in named)
        span.add_link(SpanContext(trace_id, span_id, is_remote=True))
