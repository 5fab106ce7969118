"""What an operator reads about a request that failed."""

from typing import cast

import pytest
import structlog
from litestar.types import HTTPScope

from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.entrypoints.http.pipeline.client import ClientInfo
from latchkey.entrypoints.http.problems.responses import problem_response
from latchkey.entrypoints.observability.request_log import RequestLog

SCOPE = cast("HTTPScope", {"type": "http", "method": "GET"})
CLIENT = ClientInfo(request_id="one", address="192.0.2.1", scheme="https", host="h")


@pytest.mark.parametrize(
    ("cause", "named"),
    [
        (ConnectionError("h:5432: refused\nDETAIL: more"), "h:5432: refused"),
        (TimeoutError(), "TimeoutError"),
        (None, None),
    ],
)
def test_an_outage_names_its_cause_on_one_line(cause: Exception | None, named: str | None) -> None:
    error = StorageUnavailableError()
    error.__cause__ = cause

    with structlog.testing.capture_logs() as lines:
        RequestLog(structlog.get_logger()).failed(SCOPE, CLIENT, problem_response(error), error)

    [line] = lines
    assert (line["event"], line["log_level"]) == ("storage_unavailable", "warning")
    assert (line["request_id"], line["cause"]) == ("one", named)
