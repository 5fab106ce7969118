"""What the log tells of requests."""

from typing import Final

from litestar.types import HTTPScope
from structlog.typing import FilteringBoundLogger

from latchkey.domain.sessions.errors import RefreshTokenNeverIssuedError
from latchkey.entrypoints.http.pipeline.client import ClientInfo
from latchkey.entrypoints.http.problems.responses import Refusal

_FAILURE: Final = 500


class RequestLog:
    """Writes a line for each request where anybody wants it, and one for each failure."""

    def __init__(self, log: FilteringBoundLogger) -> None:
        """Write to a logger."""
        self._log = log
        self._tells_requests = log.is_enabled_for(20)

    def refused(self, client: ClientInfo, refusal: Refusal, error: Exception) -> None:
        """Tell of a refusal that an operator should know of."""
        code = refusal.problem.code
        if isinstance(error, RefreshTokenNeverIssuedError):
            self._log.error("refresh_token_never_issued", request_id=client.request_id)
        elif code == "internal_error":
            self._log.error(code, request_id=client.request_id, exc_info=error)
        elif refusal.problem.status >= _FAILURE:
            self._log.warning(code, request_id=client.request_id)

    def answered(self, scope: HTTPScope, client: ClientInfo, status: int, seconds: float) -> None:
        """Tell of an answer: its route and never its query, which may hold anything."""
        if self._tells_requests:
            self._log.info(
                "request",
                method=scope["method"],
                route=scope.get("path_template", "-"),
                status=status,
                ms=round(seconds * 1000, 2),
                address=client.address,
                request_id=client.request_id,
            )
