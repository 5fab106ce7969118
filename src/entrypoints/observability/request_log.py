"""The log of requests and their failures."""

from typing import Final

from litestar.types import HTTPScope, Scope
from structlog.typing import FilteringBoundLogger

from latchkey.domain.sessions.errors import RefreshTokenNeverIssuedError
from latchkey.entrypoints.http.pipeline.client import ClientInfo, is_http
from latchkey.entrypoints.http.problems.responses import ProblemResponse
from latchkey.entrypoints.observability.causes import cause_of
from latchkey.entrypoints.observability.metrics.meter import Meter
from latchkey.entrypoints.observability.refusals import RefusalLog

_FAILURE: Final = 500


class RequestLog:
    """Logs each request at level info, and each failure of the service as a warning or an error.

    Attributes:
        meter: Counts the same, or None.
    """

    def __init__(self, log: FilteringBoundLogger, meter: Meter | None = None) -> None:
        """Write to a logger, and count with a meter, unless nothing is to be counted."""
        self._log = log
        self.meter = meter
        self._logs_requests = log.is_enabled_for(20)
        self.refusals = RefusalLog(log)

    def failed(
        self, scope: Scope, client: ClientInfo, response: ProblemResponse, error: Exception
    ) -> None:
        """Log an error, if it is a failure of the service and not of the client."""
        code = response.code
        if self.meter is not None and is_http(scope):
            self.meter.failed(scope, code, error)
        self.refusals.count(error, client)
        if isinstance(error, RefreshTokenNeverIssuedError):
            self._log.error("refresh_token_never_issued", **client.ids)
        elif code == "internal_error":
            self._log.error(code, **client.ids, exc_info=error)
        elif response.problem.status >= _FAILURE:
            self._log.warning(code, **client.ids, cause=cause_of(error))

    def completed(self, scope: HTTPScope, client: ClientInfo, status: int, seconds: float) -> None:
        """Log a completed request: its route, but not its query, which may contain secrets."""
        if self.meter is not None:
            self.meter.completed(scope, status, seconds)
        if self._logs_requests:
            self._log.info(
                "request",
                method=scope["method"],
                route=scope.get("path_template", "-"),
                status=status,
                ms=round(seconds * 1000, 2),
                address=client.address,
                **client.ids,
            )

    def proxy_is_silent(self) -> None:
        """Log that a trusted proxy does not name its clients, so that all count as one."""
        self._log.warning("proxy_names_no_client", advice="have it send X-Forwarded-For")
