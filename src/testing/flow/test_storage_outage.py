"""While the database cannot be reached, no session is lost."""

from collections.abc import AsyncIterator

import pytest

from latchkey.testing.flow.deployments import Storage
from latchkey.testing.flow.expectations import (
    assert_problem,
    assert_retry_later,
    assert_status,
    check_no_cookie,
)
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio


@pytest.fixture
async def outage(somebody: SignedIn, storage: Storage) -> AsyncIterator[SignedIn]:
    """Make the database unreachable, and return a session that was opened before."""
    await storage.cut()
    yield somebody
    await storage.mend()


@pytest.mark.promise("R9", "K12", "K11", "R11")
@pytest.mark.requirement("RS-15", "CK-13")
async def test_a_refresh_gets_503_and_succeeds_later(
    visitor: Visitor, outage: SignedIn, storage: Storage
) -> None:
    refused = await visitor.refresh(outage.refresh)
    await storage.mend()

    assert_retry_later(refused, 503, "storage_unavailable")
    check_no_cookie(refused, "K12")
    assert await visitor.successor(outage.refresh)


@pytest.mark.promise("K12", "K11")
@pytest.mark.requirement("ER-3")
async def test_operations_that_need_the_database_get_503(
    visitor: Visitor, outage: SignedIn
) -> None:
    answers = [
        await visitor.login(outage.account.credentials),
        await visitor.logout(outage.refresh),
        await visitor.me(outage.access),
        await visitor.orders(outage.access),
    ]

    for answer in answers:
        assert_retry_later(answer, 503, "storage_unavailable")
        check_no_cookie(answer, "K12")


@pytest.mark.promise("R9", "R2", "K12")
@pytest.mark.requirement("RS-7")
async def test_a_forged_token_is_rejected_without_the_database(
    visitor: Visitor, outage: SignedIn
) -> None:
    last = "A" if outage.refresh[50] != "A" else "B"
    forged = outage.refresh[:50] + last + outage.refresh[51:]

    answer = await visitor.refresh(forged)

    assert_problem(answer, 401, "refresh_token_invalid")


@pytest.mark.promise("F9", "H1", "H2", "K11")
async def test_the_service_is_live_but_not_ready_until_the_database_is_back(
    visitor: Visitor, outage: SignedIn, storage: Storage
) -> None:
    live = await visitor.http.get("/health/live")
    unready = await visitor.http.get("/health/ready")
    await storage.mend()
    ready = await visitor.http.get("/health/ready")

    assert outage.access
    assert_retry_later(unready, 503, "storage_unavailable")
    for answer in (live, ready):
        assert_status(answer, 200)
        assert answer.json() == {"status": "ok"}
