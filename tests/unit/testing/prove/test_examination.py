"""What a test that is left out has found."""

from collections.abc import Iterator
from typing import Final, Literal

import httpx
import pytest
from typing_extensions import override

from latchkey.testing.flow.expectations import BrokenPromiseError, noted
from latchkey.testing.prove.examination import examine
from latchkey.testing.prove.findings import Finding, Outcome

ANSWER: Final = httpx.Response(200, request=httpx.Request("GET", "http://127.0.0.1/list"))


class _Item(pytest.Item):
    """A test whose own promise is J5."""

    @override
    def runtest(self) -> None:
        """Do nothing."""


@pytest.fixture
def item(request: pytest.FixtureRequest) -> pytest.Item:
    request.config.addinivalue_line("markers", "promise(*ids): the promises that a test shows")
    item: pytest.Item = _Item.from_parent(request.node.parent, name="test_it")
    item.add_marker(pytest.mark.promise("J5"))
    return item


@pytest.fixture(autouse=True)
def _other_promise_is_broken() -> Iterator[None]:
    noted.append(BrokenPromiseError("another ETag", ANSWER, promise="J4"))
    yield
    noted.clear()


def left_out(item: pytest.Item, when: Literal["setup", "call"]) -> Finding:
    def skip() -> None:
        pytest.skip("no key took over")

    call = pytest.CallInfo.from_call(skip, when)
    return examine(item, call, frozenset({"J4", "J5"}), None)


def test_it_has_found_what_it_noticed_before(item: pytest.Item) -> None:
    finding = left_out(item, "call")

    assert (finding.outcome, finding.reason) == (Outcome.LEFT_OUT, "no key took over")
    assert [breach.promise for breach in finding.breaches] == ["J4"]


def test_before_it_begins_it_has_found_nothing(item: pytest.Item) -> None:
    assert left_out(item, "setup").breaches == []
