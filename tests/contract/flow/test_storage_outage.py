"""While the database is away: nobody is logged out, and everything goes on afterwards."""

from collections.abc import AsyncIterator

import pytest

from contract.flow.deployments import Storage
from contract.flow.expectations import assert_retry_later
from contract.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio


@pytest.fixture
async def outage(somebody: SignedIn, storage: Storage) -> AsyncIterator[SignedIn]:
    """Somebody who had signed in before the database went away."""
    await storage.cut()
    yield somebody
    await storage.mend()


@pytest.mark.step("R9", "K12", "K11", "R11")
@pytest.mark.requirement("RS-15", "CK-13")
async def test_a_refresh_is_put_off_and_succeeds_later(
    visitor: Visitor, outage: SignedIn, storage: Storage
) -> None:
    refused = await visitor.refresh(outage.refresh)
    await storage.mend()

    assert_retry_later(refused, 503, "storage_unavailable")
    assert "set-cookie" not in refused.headers
    assert await visitor.successor(outage.refresh)


@pytest.mark.step("K12", "K11")
@pytest.mark.requirement("ER-3")
async def test_what_needs_the_database_is_put_off(visitor: Visitor, outage: SignedIn) -> None:
    answers = [
        await visitor.login(outage.account.credentials),
        await visitor.logout(outage.refresh),
        await visitor.me(outage.access),
        await visitor.orders(outage.access),
    ]

    for answer in answers:
        assert_retry_later(answer, 503, "storage_unavailable")
        assert "set-cookie" not in answer.headers


@pytest.mark.step("R9", "R2", "K12")
@pytest.mark.requirement("RS-7")
async def test_a_forged_token_is_refused_without_the_database(
    visitor: Visitor, outage: SignedIn
) -> None:
    last = "A" if outage.refresh[50] != "A" else "B"
    forged = outage.refresh[:50] + last + outage.refresh[51:]

    answer = await visitor.refresh(forged)

    assert answer.json()["code"] == "refresh_token_invalid"


@pytest.mark.step("F9", "H1", "H2", "K11")
async def test_the_service_lives_but_is_not_ready_until_the_database_is_back(
    visitor: Visitor, outage: SignedIn, storage: Storage
) -> None:
    live = await visitor.http.get("/health/live")
    unready = await visitor.http.get("/health/ready")
    await storage.mend()
    ready = await visitor.http.get("/health/ready")

    assert outage.access
    assert_retry_later(unready, 503, "storage_unavailable")
    for answer in (live, ready):
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
