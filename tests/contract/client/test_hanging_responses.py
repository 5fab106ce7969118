"""Responses that never arrive, on connections that stay open."""

import threading
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

import pytest

from contract.client.conftest import get
from harness.meddler import Fault, Meddler
from latchkey.client import Session

REFRESH: Final = "/api/auth/refresh"
ORDERS: Final = "/api/orders"
ABOUT_THE_TIMEOUT: Final = 3.5  # s; a request is noted a moment after it was sent
GRACE: Final = 10.0  # s
LONGEST: Final = 30.0  # s


@pytest.fixture
def hang() -> Iterator[Callable[[], object]]:
    """Wait until the end of the test."""
    is_over = threading.Event()
    yield lambda: is_over.wait(LONGEST)
    is_over.set()


def test_three_attempts_with_a_response_each_that_hangs_begin_within_the_grace(
    session: Session, meddler: Meddler, hang: Callable[[], object]
) -> None:
    hangs = Fault(then=hang, is_lost=True)
    meddler.plan(REFRESH, hangs, hangs)

    answer = get(session, f"{meddler.url}{ORDERS}")

    sent = meddler.requests(REFRESH)
    assert answer.status_code == 200
    assert len({each.headers["Cookie"] for each in sent}) == 1
    pauses = [later.at - sooner.at for sooner, later in pairwise(sent)]
    assert len(pauses) == 2
    assert all(ABOUT_THE_TIMEOUT <= pause < GRACE / 2 for pause in pauses)
