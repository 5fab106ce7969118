"""A client with one connection, which costs little beside what it measures."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPMessage
from types import TracebackType
from typing import Final, NamedTuple, Self
from urllib.parse import urlsplit

from bench.load import BenchError

_PATIENCE: Final = 30.0  # s


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is sent; 200 is the right status of each response."""

    path: str
    method: str = "GET"
    headers: Mapping[str, str] = field(repr=False)
    body: str = field(default="", repr=False)


class Response(NamedTuple):
    """What came back, and when: seconds of the monotonic clock."""

    at: float
    headers: HTTPMessage


def refresh(cookie: str) -> Request:
    """Return the request that refreshes a session."""
    return Request(path="/api/auth/refresh", method="POST", headers={"Cookie": cookie})


class Client:
    """Sends one request after the other. To be closed by the block that uses it."""

    def __init__(self, url: str) -> None:
        """Connect with the first request."""
        self._connection = HTTPConnection(urlsplit(url).netloc, timeout=_PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._connection.close()

    def send(self, request: Request) -> Response:
        """Send a request and read the response.

        Raises:
            BenchError: It has another status than 200.
        """
        self._connection.request(
            request.method, request.path, request.body or None, dict(request.headers)
        )
        response = self._connection.getresponse()
        text = response.read()
        if response.status != HTTPStatus.OK:
            raise BenchError(f"{request.method} {request.path}: {text.decode()}")
        return Response(time.monotonic(), response.headers)

    def timed(self, request: Request) -> float:
        """Send a request and return how long the response took, s."""
        began = time.monotonic()
        return self.send(request).at - began
