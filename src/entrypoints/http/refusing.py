"""Answer what a route refuses right where it is refused, before the framework makes much of it."""

from traceback import clear_frames

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send
from typing_extensions import override

from domain.errors import LatchkeyError
from entrypoints.http.callers import Arrival
from entrypoints.http.refusals import RefusedError, refusal_of
from entrypoints.http.request_log import RequestLog


class Refusing(ASGIMiddleware):
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
            refusal, arrival = refusal_of(error), Arrival.of(scope)
            self._log.refused(arrival, refusal, error)
            await refusal.send(send, arrival.request_id)
            clear_frames(error.__traceback__)  # they keep the request, and its connection open
