"""The rules of docs/clients.md on logins, and on whose session it is."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import httpx
import pytest

from contract.client.conftest import get, problem
from harness.meddler import LOST, Meddler, Reply
from harness.service import Installation, Service
from latchkey.client import (
    InvalidCredentialsError,
    RejectedError,
    ServiceUnavailableError,
    Session,
    UserChangedError,
)
from latchkey.domain.factors.totp import step_at
from latchkey.testing.flow.authenticator import Authenticator
from latchkey.testing.flow.deployments import Account

LOGIN: Final = "/api/auth/login"
REFRESH: Final = "/api/auth/refresh"
ORDERS: Final = "/api/orders"
NOW: Final = timedelta(0)
HTML: Final = (("Content-Type", "text/html"),)
BAD_GATEWAY: Final = Reply(status=502, body="<h1>Bad gateway</h1>", headers=HTML)


def login(session: Session, account: Account) -> str:
    return session.login(account.email, account.password).email


def login_async(session: Session, account: Account) -> str:
    return asyncio.run(session.login_async(account.email, account.password)).email


@pytest.mark.parametrize("log_in", [login, login_async])
def test_a_login_opens_a_session_that_outlives_the_program(
    meddler: Meddler, file: Path, account: Account, log_in: Callable[[Session, Account], str]
) -> None:
    first = Session(meddler.url, cookies=file)

    assert log_in(first, account) == account.email
    assert get(first, f"{meddler.url}{ORDERS}").status_code == 200
    assert meddler.requests(REFRESH) == []
    assert get(Session(meddler.url, cookies=file), f"{meddler.url}{ORDERS}").status_code == 200


def test_a_session_without_a_file_lives_in_memory(
    meddler: Meddler, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session(meddler.url)
    login(session, account)
    monkeypatch.setattr("latchkey.client.access_token.AccessToken.is_due", True)

    for _ in range(3):
        assert get(session, f"{meddler.url}{ORDERS}").status_code == 200

    assert len(meddler.requests(REFRESH)) == 3


def test_a_wrong_password_is_told_and_not_repeated(
    meddler: Meddler, file: Path, account: Account
) -> None:
    with pytest.raises(InvalidCredentialsError):
        Session(meddler.url, cookies=file).login(account.email, "wrong-kettle-17-harbour")

    assert len(meddler.requests(LOGIN)) == 1
    assert not file.exists()


def test_a_login_whose_response_is_lost_is_not_repeated(
    meddler: Meddler, file: Path, account: Account
) -> None:
    meddler.plan(LOGIN, LOST)

    with pytest.raises(ServiceUnavailableError) as raised:
        login(Session(meddler.url, cookies=file), account)

    assert raised.value.wait is None
    assert len(meddler.requests(LOGIN)) == 1


def test_a_login_that_did_not_reach_the_service_is_repeated(
    file: Path, account: Account, caplog: pytest.LogCaptureFixture
) -> None:
    nowhere = Session("http://127.0.0.1:9", cookies=file, patience=timedelta(seconds=3))

    with pytest.raises(ServiceUnavailableError) as raised:
        login(nowhere, account)

    assert raised.value.wait is not None
    assert "waiting for" in caplog.text


@pytest.mark.parametrize(
    "busy", [problem(503, "password_hasher_busy", Retry_After="1"), BAD_GATEWAY]
)
def test_a_login_waits_for_a_service_that_is_busy(
    meddler: Meddler, file: Path, account: Account, busy: Reply
) -> None:
    meddler.plan(LOGIN, busy)

    assert login(Session(meddler.url, cookies=file), account) == account.email

    first, second = meddler.requests(LOGIN)
    assert second.at - first.at >= 1


def test_a_login_does_not_wait_longer_than_the_caller_does(
    meddler: Meddler, file: Path, account: Account
) -> None:
    meddler.plan(LOGIN, problem(429, "too_many_attempts", Retry_After="900"))

    with pytest.raises(ServiceUnavailableError) as raised:
        login(Session(meddler.url, cookies=file), account)

    assert 900 <= (raised.value.wait or 0) <= 901


def test_a_login_that_waiting_does_not_help_is_rejected(
    meddler: Meddler, file: Path, account: Account
) -> None:
    meddler.plan(LOGIN, problem(403, "origin_not_allowed"))

    with pytest.raises(RejectedError) as raised:
        login(Session(meddler.url, cookies=file), account)

    assert (raised.value.status, raised.value.code) == (403, "origin_not_allowed")


def test_a_login_that_needs_a_second_factor_is_rejected(
    service: Service, file: Path, account: Account
) -> None:
    first = Session(service.url)
    login(first, account)
    with httpx.Client(base_url=service.url, auth=first) as http:
        begun = http.post("/api/auth/factors/totp", json={})
        code = Authenticator.of(begun).at(step_at(datetime.now(UTC)))
        body = {"id": begun.json()["id"], "code": code}
        assert http.post("/api/auth/factors/totp/confirm", json=body).is_success

    with pytest.raises(RejectedError) as raised:
        login(Session(service.url, cookies=file), account)

    assert (raised.value.status, raised.value.code) == (401, "second_factor_required")
    assert not file.exists()


def test_a_request_for_another_person_is_not_sent(
    session: Session,
    service: Service,
    meddler: Meddler,
    file: Path,
    new_account: Callable[[], Account],
) -> None:
    get(session, f"{meddler.url}{ORDERS}")
    login(Session(service.url, cookies=file), new_account())

    with pytest.raises(UserChangedError):
        session.access_token(rejected=session.access_token())
    with pytest.raises(UserChangedError):
        get(session, f"{meddler.url}{ORDERS}")

    assert len(meddler.requests(ORDERS)) == 1


def test_a_role_that_has_changed_is_known_after_the_next_refresh(
    session: Session, installation: Installation, account: Account
) -> None:
    token = session.access_token()
    changed = installation.run("set-role", account.email, "ADMIN")
    assert changed.returncode == 0, changed.stderr

    session.access_token(rejected=token)

    assert session.user is not None
    assert session.user.role == "ADMIN"


def test_a_login_as_another_person_is_meant(
    session: Session, meddler: Meddler, new_account: Callable[[], Account]
) -> None:
    get(session, f"{meddler.url}{ORDERS}")

    other = new_account()
    login(session, other)

    assert session.user is not None
    assert session.user.email == other.email
    assert get(session, f"{meddler.url}{ORDERS}").status_code == 200


def test_credentials_are_asked_for_only_without_a_session(
    meddler: Meddler, file: Path, account: Account
) -> None:
    asked: list[int] = []

    def credentials() -> tuple[str, str]:
        asked.append(len(asked))
        return account.email, account.password

    for _ in range(3):
        program = Session(meddler.url, cookies=file, credentials=credentials)
        assert get(program, f"{meddler.url}{ORDERS}").status_code == 200

    assert len(asked) == len(meddler.requests(LOGIN)) == 1


def test_with_credentials_a_session_that_has_ended_is_replaced(
    session: Session, service: Service, meddler: Meddler, file: Path, account: Account
) -> None:
    program = Session(
        meddler.url, cookies=file, credentials=lambda: (account.email, account.password)
    )
    get(program, f"{meddler.url}{ORDERS}")
    Session(service.url, cookies=file).logout()

    token = program.access_token(rejected=program.access_token())

    assert token
    assert get(session, f"{meddler.url}{ORDERS}").status_code == 200
