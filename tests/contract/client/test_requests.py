"""The rules of docs/clients.md on the requests that carry an access token."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Final

import httpx
import pytest

from contract.client.conftest import Get, get, problem
from contract.flow.in_process import ADMIN
from harness.meddler import Meddler, Reply
from latchkey.client import ForeignOriginError, Session
from latchkey.testing.flow.fixtures import new_email

REFRESH: Final = "/api/auth/refresh"
ORDERS: Final = "/api/orders"
USERS: Final = "/api/admin/users"
CHALLENGE: Final = 'Bearer realm="latchkey", error="invalid_token"'


def rejected_token() -> Reply:
    return problem(401, "access_token_invalid", WWW_Authenticate=CHALLENGE)


@pytest.fixture
def admins(meddler: Meddler) -> Session:
    session = Session(meddler.url)
    session.login(ADMIN.email, ADMIN.password)
    return session


def body() -> bytes:
    email = new_email().encode()
    return b'{"email":"%s","password":"amber lantern 17","name":"Uma","role":"USER"}' % email


def pieces(text: bytes) -> Iterator[bytes]:
    yield text[:10]
    yield text[10:]


async def pieces_async(text: bytes) -> AsyncIterator[bytes]:
    for piece in pieces(text):
        yield piece


def test_a_rejected_token_is_renewed_and_the_request_repeated_with_its_body(
    admins: Session, meddler: Meddler
) -> None:
    meddler.plan(USERS, rejected_token())

    with httpx.Client(auth=admins, headers={"Content-Type": "application/json"}) as http:
        answer = http.post(f"{meddler.url}{USERS}", content=pieces(body()))

    assert answer.status_code == 201
    first, second = meddler.requests(USERS)
    assert first.body == second.body
    assert first.headers["Authorization"] != second.headers["Authorization"]


def test_a_rejected_token_is_renewed_without_blocking_the_event_loop(
    admins: Session, meddler: Meddler
) -> None:
    async def post() -> httpx.Response:
        headers = {"Content-Type": "application/json"}
        async with httpx.AsyncClient(auth=admins, headers=headers) as http:
            return await http.post(f"{meddler.url}{USERS}", content=pieces_async(body()))

    meddler.plan(USERS, rejected_token())

    assert asyncio.run(post()).status_code == 201
    assert len(meddler.requests(REFRESH)) == 1


def test_a_second_rejection_is_the_response(ask: Get, session: Session, meddler: Meddler) -> None:
    meddler.plan(ORDERS, rejected_token(), rejected_token())

    assert ask(session, f"{meddler.url}{ORDERS}").status_code == 401
    assert len(meddler.requests(ORDERS)) == 2


def test_a_newer_token_is_used_rather_than_another_refresh(
    session: Session, meddler: Meddler
) -> None:
    old = session.access_token()
    new = session.access_token(rejected=old)

    assert new != old
    assert session.access_token(rejected=old) == new
    assert len(meddler.requests(REFRESH)) == 2


@pytest.mark.parametrize(
    ("status", "code"), [(403, "insufficient_role"), (401, "from_a_proxy"), (503, "storage")]
)
def test_other_rejections_are_not_repeated(
    ask: Get, session: Session, meddler: Meddler, status: int, code: str
) -> None:
    meddler.plan(ORDERS, problem(status, code))

    assert ask(session, f"{meddler.url}{ORDERS}").status_code == status
    assert len(meddler.requests(ORDERS)) == 1
    assert len(meddler.requests(REFRESH)) == 1


def test_tokens_are_where_the_service_expects_them_and_nowhere_else(
    session: Session, meddler: Meddler
) -> None:
    get(session, f"{meddler.url}{ORDERS}")

    access = session.access_token()
    for seen in meddler.seen:
        texts = [seen.path, seen.body.decode(), *seen.headers.values()]
        assert sum(access in text for text in texts) == (seen.path != REFRESH)
        assert "Origin" not in seen.headers
        assert ("Cookie" in seen.headers) == (seen.path == REFRESH)
    assert access not in repr(vars(session))


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "https://orders.example.com/"])
def test_another_server_does_not_see_the_token(
    ask: Get, session: Session, meddler: Meddler, url: str
) -> None:
    with pytest.raises(ForeignOriginError):
        ask(session, url)

    assert meddler.seen == []


def test_a_server_that_is_listed_sees_the_token(session: Session, meddler: Meddler) -> None:
    listed = Session(meddler.url, origins=["https://orders.example.com"])
    listed.login(ADMIN.email, ADMIN.password)
    received: list[httpx.Request] = []

    def receive(request: httpx.Request) -> httpx.Response:
        received.append(request)
        return httpx.Response(200)

    with httpx.Client(auth=listed, transport=httpx.MockTransport(receive)) as http:
        http.get("https://orders.example.com:443/x")

    assert received[0].headers["Authorization"] == f"Bearer {listed.access_token()}"
    assert session.user is None
