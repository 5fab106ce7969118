"""What the log tells of requests."""

from typing import Final

from litestar.types import HTTPScope
from structlog.typing import FilteringBoundLogger

from domain.errors import RefreshTokenForgedError
from entrypoints.http.callers import Arrival
from entrypoints.http.refusals import Refusal

_FAILURE: Final = 500


class RequestLog:
    """Writes a line for each request where anybody wants it, and one for each failure."""

    def __init__(self, log: FilteringBoundLogger) -> None:
        """Write to a logger."""
        self._log = log
        self._tells_requests = log.is_enabled_for(20)

    def refused(self, arrival: Arrival, refusal: Refusal, error: Exception) -> None:
        """Tell of a refusal that an operator should know of."""
        code = refusal.problem.code
        if isinstance(error, RefreshTokenForgedError):
            self._log.error("refresh_token_forged", request_id=arrival.request_id)
        elif code == "internal_error":
            self._log.error(code, request_id=arrival.request_id, exc_info=error)
        elif refusal.problem.status >= _FAILURE:
            self._log.warning(code, request_id=arrival.request_id)

    def answered(self, scope: HTTPScope, arrival: Arrival, status: int, seconds: float) -> None:
        """Tell of an answer: its route and never its query, which may hold anything."""
        if self._tells_requests:
            self._log.info(
                "request",
                method=scope["method"],
                route=scope.get("path_template", "-"),
                status=status,
                ms=round(seconds * 1000, 2),
                address=arrival.address,
                request_id=arrival.request_id,
            )
