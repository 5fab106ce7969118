"""The requests that controllers see."""

from litestar import Request
from litestar.datastructures import State

from domain.audit import Caller
from domain.token import Principal, RefreshToken
from entrypoints.http.callers import Arrival
from entrypoints.http.cookies import RefreshCookie

Anyone = Request[None, None, State]
SignedIn = Request[Principal, None, State]
Refreshing = Request[None, RefreshToken, State]


def caller_of(request: Anyone | SignedIn | Refreshing) -> Caller:
    """Tell where a request came from, for the audit log."""
    arrival = Arrival.of(request.scope)
    return Caller(address=arrival.address, request_id=arrival.request_id)


def cookie_of(request: Anyone | Refreshing) -> RefreshCookie:
    """Give what writes and reads the refresh token's cookie."""
    cookie: RefreshCookie = request.app.state["cookie"]
    return cookie
