"""What the edge does that no client sees."""

import asyncio
from typing import Any

import pytest
import structlog
from litestar.types import Receive, Scope, Send
from structlog.testing import capture_logs

from latchkey.entrypoints.http.pipeline.edge import Edge
from latchkey.entrypoints.observability.request_log import RequestLog
from latchkey.entrypoints.settings import from_env
from unit.entrypoints.http.test_hot_paths import ENVIRON

pytestmark = pytest.mark.anyio

SCOPE: dict[str, Any] = {
    "type": "http",
    "method": "GET",
    "path": "/api/auth/me",
    "query_string": b"",
    "scheme": "http",
    "headers": [],
    "client": ("192.0.2.1", 4711),
}


async def never(*_: object) -> Any:  # noqa: ANN401 - it gives nothing
    await asyncio.Event().wait()


async def test_a_client_who_leaves_is_no_failure_of_the_service() -> None:
    async def slow(_: Scope, receive: Receive, __: Send) -> None:
        await receive()

    with capture_logs() as lines:
        edge = Edge(slow, from_env(ENVIRON), RequestLog(structlog.get_logger()))
        answering: asyncio.Task[None] = asyncio.create_task(edge(SCOPE, never, never))  # type: ignore[arg-type] # a plain dict
        await asyncio.sleep(0)
        answering.cancel()
        await answering

    assert [line["status"] for line in lines] == [499]
