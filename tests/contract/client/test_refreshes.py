"""The rules of docs/clients.md on refreshes, over a network that loses responses."""

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Final

import anyio
import anyio.lowlevel
import anyio.to_thread
import pytest

from contract.client.conftest import Get, get, problem
from harness.meddler import LOST, UNSENT, Fault, Meddler, Reply
from latchkey.client import ServiceUnavailableError, Session

REFRESH: Final = "/api/auth/refresh"
ME: Final = "/api/auth/me"
ORDERS: Final = "/api/orders"
NOW: Final = timedelta(0)
WITHIN: Final = 30.0  # s
HTML: Final = (("Content-Type", "text/html"),)
JSON: Final = (("Content-Type", "application/json"),)
TOKEN: Final = {"accessToken": "a", "tokenType": "Bearer"}


def impatient(meddler: Meddler, file: Path) -> Session:
    return Session(meddler.url, cookies=file, patience=NOW)


def test_a_request_is_sent_with_an_access_token(
    ask: Get, session: Session, meddler: Meddler
) -> None:
    assert ask(session, f"{meddler.url}{ORDERS}").status_code == 200
    assert [each.path for each in meddler.seen] == [REFRESH, ME, ORDERS]
    assert session.user is not None


def test_one_access_token_is_used_until_it_is_due(
    ask: Get, session: Session, meddler: Meddler
) -> None:
    for _ in range(3):
        assert ask(session, f"{meddler.url}{ORDERS}").status_code == 200

    assert len(meddler.requests(REFRESH)) == 1


def test_a_token_that_is_due_is_renewed_before_the_request(
    session: Session, meddler: Meddler, monkeypatch: pytest.MonkeyPatch
) -> None:
    get(session, f"{meddler.url}{ORDERS}")
    monkeypatch.setattr("latchkey.client.access_token.AccessToken.is_due", True)
    get(session, f"{meddler.url}{ORDERS}")

    paths = [each.path for each in meddler.seen]
    assert paths == [REFRESH, ME, ORDERS, REFRESH, ME, ORDERS]


def test_threads_share_one_refresh(session: Session, meddler: Meddler) -> None:
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(get, [session] * 20, [f"{meddler.url}{ORDERS}"] * 20))

    assert {answer.status_code for answer in answers} == {200}
    assert len(meddler.requests(REFRESH)) == 1


def test_tasks_share_one_refresh_and_one_thread(session: Session, meddler: Meddler) -> None:
    is_in_flight, goes_on = threading.Event(), threading.Event()

    def hold() -> None:
        is_in_flight.set()
        goes_on.wait(WITHIN)

    async def run() -> int:
        threads = anyio.to_thread.current_default_thread_limiter()
        async with anyio.create_task_group() as tasks:
            for _ in range(60):
                tasks.start_soon(session.access_token_async)
            while not is_in_flight.is_set():
                await anyio.lowlevel.checkpoint()
            busy = threads.statistics().borrowed_tokens + threads.statistics().tasks_waiting
            goes_on.set()
        return busy

    meddler.plan(REFRESH, Fault(then=hold))

    assert asyncio.run(run()) == 1
    assert len(meddler.requests(REFRESH)) == 1


def test_tasks_that_wait_for_the_service_wait_together(
    session: Session, meddler: Meddler, file: Path
) -> None:
    waiting = Session(meddler.url, cookies=file, patience=timedelta(seconds=2.5))
    meddler.plan(REFRESH, *[Reply(status=502)] * 100)
    failures: list[ServiceUnavailableError] = []

    async def ask() -> None:
        try:
            await waiting.access_token_async()
        except ServiceUnavailableError as error:
            failures.append(error)

    async def run() -> None:
        async with anyio.create_task_group() as tasks:
            for _ in range(20):
                tasks.start_soon(ask)

    asyncio.run(run())

    assert len(failures) == 20
    assert len(meddler.requests(REFRESH)) <= 2
    assert session.user is None


@pytest.mark.parametrize("fault", [LOST, UNSENT], ids=["the response", "the request"])
def test_what_was_lost_is_repeated_at_once_with_the_same_token(
    ask: Get, session: Session, meddler: Meddler, fault: Fault
) -> None:
    meddler.plan(REFRESH, fault, fault)

    answer = ask(session, f"{meddler.url}{ORDERS}")

    assert answer.status_code == 200
    sent = meddler.requests(REFRESH)
    assert len(sent) == 3
    assert len({each.headers["Cookie"] for each in sent}) == 1
    assert sent[2].at - sent[0].at < 2.5  # without the pauses, of a second and of two


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=200, body="<h1>Welcome to our hotel</h1>", headers=HTML),
        Reply(status=200, body=json.dumps(TOKEN | {"expiresIn": 900}), headers=HTML),
        Reply(status=200, body="null", headers=JSON),
        Reply(status=200, body="{", headers=JSON),
        Reply(status=200, body=json.dumps(TOKEN), headers=JSON),
        Reply(status=200, body=json.dumps(TOKEN | {"expiresIn": 0}), headers=JSON),
        Reply(status=200, body=json.dumps(TOKEN | {"expiresIn": True}), headers=JSON),
        Reply(status=200, body=json.dumps(TOKEN | {"expiresIn": "900"}), headers=JSON),
    ],
    ids=lambda reply: reply.body[:40],
)
def test_a_success_that_is_not_the_services_counts_as_lost(
    session: Session, meddler: Meddler, reply: Reply
) -> None:
    meddler.plan(REFRESH, reply)

    assert get(session, f"{meddler.url}{ORDERS}").status_code == 200
    assert [each.path for each in meddler.seen] == [REFRESH, REFRESH, ME, ORDERS]


def test_three_lost_responses_keep_the_session(
    session: Session, meddler: Meddler, file: Path
) -> None:
    meddler.plan(REFRESH, LOST, LOST, LOST)

    with pytest.raises(ServiceUnavailableError) as raised:
        get(impatient(meddler, file), f"{meddler.url}{ORDERS}")

    assert raised.value.wait is not None
    assert 1 <= raised.value.wait <= 2
    assert get(session, f"{meddler.url}{ORDERS}").status_code == 200


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=401, body="<h1>Proxy login</h1>", headers=HTML),
        Reply(status=401, body=json.dumps({"code": "session_ended"}), headers=JSON),
        problem(401, "from_a_newer_service"),
        problem(403, "origin_not_allowed"),
        problem(429, "too_many_attempts", Retry_After="7"),
        problem(500, "internal_error"),
        Reply(status=502, body="<h1>Bad gateway</h1>", headers=HTML),
        problem(503, "storage_unavailable", Retry_After="7"),
        Reply(status=302, headers=(("Location", "/elsewhere"),)),
    ],
    ids=lambda reply: f"{reply.status} {reply.body[:60]}",
)
def test_no_other_response_ends_the_session(
    session: Session, meddler: Meddler, file: Path, reply: Reply
) -> None:
    meddler.plan(REFRESH, reply)

    with pytest.raises(ServiceUnavailableError) as raised:
        get(impatient(meddler, file), f"{meddler.url}{ORDERS}")

    wait = raised.value.wait or 0.0
    assert 7 <= wait <= 8 if "Retry-After" in dict(reply.headers) else 1 <= wait <= 2
    assert len(meddler.requests(REFRESH)) == 1
    assert get(session, f"{meddler.url}{ORDERS}").status_code == 200


def test_the_wait_is_as_long_as_the_service_says_and_is_told(
    ask: Get, session: Session, meddler: Meddler, caplog: pytest.LogCaptureFixture
) -> None:
    meddler.plan(REFRESH, problem(503, "storage_unavailable", Retry_After="1"))

    answer = ask(session, f"{meddler.url}{ORDERS}")

    first, second = meddler.requests(REFRESH)
    assert answer.status_code == 200
    assert second.at - first.at >= 1
    told = "the service cannot be used (status 503, storage_unavailable)"
    assert [told in record.getMessage() for record in caplog.records] == [True]


def test_nobody_asks_while_the_service_has_asked_to_wait(
    session: Session, meddler: Meddler, file: Path
) -> None:
    waiting = impatient(meddler, file)
    meddler.plan(REFRESH, problem(429, "too_many_attempts", Retry_After="60"))

    for _ in range(3):
        with pytest.raises(ServiceUnavailableError):
            get(waiting, f"{meddler.url}{ORDERS}")

    assert len(meddler.requests(REFRESH)) == 1
    assert session.user is None


def test_a_session_continues_if_only_the_request_for_its_user_fails(
    session: Session, meddler: Meddler, file: Path
) -> None:
    meddler.plan(ME, LOST)

    with pytest.raises(ServiceUnavailableError):
        get(impatient(meddler, file), f"{meddler.url}{ORDERS}")

    assert get(session, f"{meddler.url}{ORDERS}").status_code == 200
