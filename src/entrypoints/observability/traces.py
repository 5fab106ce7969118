"""Adds traces to the service, if they are wanted and OpenTelemetry is installed."""

from litestar.types import ASGIApp

from latchkey.entrypoints.settings.groups.traces import TracesSettings


def with_traces(app: ASGIApp, settings: TracesSettings) -> ASGIApp:
    """Return the application with traces, or as it is.

    Must be called in the worker: the thread that sends spans does not survive a fork.
    """
    if settings.endpoint is None:
        return app
    try:
        from latchkey.entrypoints.observability.tracing import (  # noqa: PLC0415 - of an extra
            Traced,
            provider_of,
        )
    except ModuleNotFoundError:  # `latchkey serve` has warned
        return app
    return Traced(app, provider_of(settings.endpoint, settings.share))
