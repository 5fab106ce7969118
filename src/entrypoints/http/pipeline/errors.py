"""Answer what a route refuses right where it is refused, before the framework makes much of it."""

from traceback import clear_frames

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send
from typing_extensions import override

from latchkey.domain.kernel.errors import LatchkeyError
from latchkey.entrypoints.http.pipeline.client import ClientInfo
from latchkey.entrypoints.http.problems.responses import RefusedError, refusal_of
from latchkey.entrypoints.observability.request_log import RequestLog


class ProblemMiddleware(ASGIMiddleware):
    """Turns the refusals of a route into problems. All other errors are the edge's."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, log: RequestLog) -> None:
        """Tell a log what an operator should know."""
        self._log = log

    @override
    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        try:
            await next_app(scope, receive, send)
        except (LatchkeyError, RefusedError) as error:
            refusal, client = refusal_of(error), ClientInfo.of(scope)
            self._log.refused(client, refusal, error)
            await refusal.send(send, client.request_id)
            clear_frames(error.__traceback__)  # they keep the request, and its connection open
