"""A client of the service, for scripts and other services: extra `client`.

`Session` is an `httpx.Auth`. It keeps the rules of docs/clients.md: it refreshes in time and one
at a time, repeats a lost response, waits as long as it is asked to, and says why a session ended.

    session = Session("https://auth.example.com", cookies=Path("~/.local/state/report/cookies"))
    with httpx.Client(base_url="https://auth.example.com", auth=session) as http:
        orders = http.get("/api/orders").raise_for_status().json()

It imports nothing of the service. Its names are a public interface: the changelog covers it.
"""

from latchkey.client.errors import (
    ForeignOriginError,
    InvalidCredentialsError,
    LatchkeyError,
    RejectedError,
    ServiceUnavailableError,
    SessionEndedError,
    UserChangedError,
)
from latchkey.client.service import User
from latchkey.client.session import Session

__all__ = [
    "ForeignOriginError",
    "InvalidCredentialsError",
    "LatchkeyError",
    "RejectedError",
    "ServiceUnavailableError",
    "Session",
    "SessionEndedError",
    "User",
    "UserChangedError",
]
