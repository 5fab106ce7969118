"""The rules of docs/clients.md on logouts."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from contract.client.conftest import get
from harness.meddler import LOST, Meddler, Reply
from latchkey.client import ServiceUnavailableError, Session, SessionEndedError
from latchkey.testing.flow.deployments import Account

LOGIN: Final = "/api/auth/login"
LOGOUT: Final = "/api/auth/logout"
ORDERS: Final = "/api/orders"
NOW: Final = timedelta(0)
HTML: Final = (("Content-Type", "text/html"),)
BAD_GATEWAY: Final = Reply(status=502, body="<h1>Bad gateway</h1>", headers=HTML)


def logout_async(session: Session) -> None:
    asyncio.run(session.logout_async())


@pytest.mark.parametrize("log_out", [Session.logout, logout_async])
def test_a_logout_is_repeated_until_the_service_confirms_it(
    session: Session, meddler: Meddler, file: Path, log_out: Callable[[Session], None]
) -> None:
    meddler.plan(LOGOUT, LOST, BAD_GATEWAY)

    log_out(session)

    assert len(meddler.requests(LOGOUT)) == 3
    with pytest.raises(SessionEndedError):
        get(Session(meddler.url, cookies=file), f"{meddler.url}{ORDERS}")


def test_a_logout_that_is_not_confirmed_says_so_and_keeps_the_session(
    session: Session, meddler: Meddler, file: Path
) -> None:
    hotel = Reply(status=200, body="<h1>Welcome to our hotel</h1>", headers=HTML)
    meddler.plan(LOGOUT, hotel)

    with pytest.raises(ServiceUnavailableError):
        Session(meddler.url, cookies=file, patience=NOW).logout()

    assert get(session, f"{meddler.url}{ORDERS}").status_code == 200


def test_after_a_logout_nothing_is_sent(session: Session, meddler: Meddler) -> None:
    get(session, f"{meddler.url}{ORDERS}")
    session.logout()
    before = len(meddler.seen)

    with pytest.raises(SessionEndedError, match="not logged in"):
        get(session, f"{meddler.url}{ORDERS}")

    assert len(meddler.seen) == before
    assert session.user is None


def test_the_device_cookie_is_kept_over_a_logout_and_sent_with_the_next_login(
    session: Session, meddler: Meddler, account: Account
) -> None:
    session.logout()
    session.login(account.email, account.password)

    [seen] = meddler.requests(LOGIN)
    assert [name for name in seen.cookies if name.endswith("_device")] == list(seen.cookies)
    assert len(seen.cookies) == 1
