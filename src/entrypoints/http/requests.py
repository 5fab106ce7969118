"""The types of requests that controllers get."""

from litestar import Request
from litestar.datastructures import State

from latchkey.domain.audit.event import RequestSource
from latchkey.domain.sessions.access_token import Principal
from latchkey.domain.sessions.refresh_token import RefreshToken
from latchkey.entrypoints.http.pipeline.client import ClientInfo
from latchkey.entrypoints.http.pipeline.token_cookie import Cookies

Anyone = Request[None, None, State]
SignedIn = Request[Principal, str, State]
Refreshing = Request[None, RefreshToken, State]


def source_of(request: Anyone | SignedIn | Refreshing) -> RequestSource:
    """Return where a request came from, for the audit log."""
    client = ClientInfo.of(request.scope)
    return RequestSource(address=client.address, request_id=client.request_id)


def cookies_of(request: Anyone | SignedIn | Refreshing) -> Cookies:
    """Return the codecs of the service's cookies."""
    cookies: Cookies = request.app.state["cookies"]
    return cookies
