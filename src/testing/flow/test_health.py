"""Health probes."""

import pytest

from latchkey.testing.flow.expectations import assert_status, json_object
from latchkey.testing.flow.visitor import Visitor

pytestmark = pytest.mark.anyio


@pytest.mark.promise("F9")
@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/health/live", marks=pytest.mark.promise("H1")),
        pytest.param("/health/ready", marks=pytest.mark.promise("H2")),
    ],
)
async def test_a_healthy_service_says_so(visitor: Visitor, path: str) -> None:
    answer = await visitor.http.get(path)

    assert_status(answer, 200)
    assert json_object(answer) == {"status": "ok"}
