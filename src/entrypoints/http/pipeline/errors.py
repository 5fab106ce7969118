"""Turns errors of use cases into problem responses before Litestar's own, slower handling."""

from traceback import clear_frames

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send
from typing_extensions import override

from latchkey.domain.kernel.errors import LatchkeyError
from latchkey.entrypoints.http.pipeline.client import ClientInfo
from latchkey.entrypoints.http.problems.responses import problem_response
from latchkey.entrypoints.observability.request_log import RequestLog


class ProblemMiddleware(ASGIMiddleware):
    """Turns errors of use cases into problems. `Edge` handles all other errors."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, log: RequestLog) -> None:
        self._log = log

    @override
    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        try:
            await next_app(scope, receive, send)
        except LatchkeyError as error:
            response, client = problem_response(error), ClientInfo.of(scope)
            self._log.failed(scope, client, response, error)
            await response.send(send, client.request_id)
            clear_frames(error.__traceback__)  # they keep the connection open
