"""The rules of docs/clients.md on refreshes that the service rejects."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import httpx
import pytest

from contract.client.conftest import get
from harness.meddler import Fault, Meddler
from harness.service import Service
from latchkey.client import Session, SessionEndedError
from latchkey.client.cookie_file import CookieFile
from latchkey.testing.flow.deployments import Account

REFRESH: Final = "/api/auth/refresh"
ORDERS: Final = "/api/orders"
ME: Final = "/api/auth/me"


def test_a_superseded_token_is_repeated_with_the_one_in_the_file_now(
    session: Session, meddler: Meddler, service: Service, file: Path
) -> None:
    def rotate_twice() -> None:
        """As processes do that did not wait for a lock."""
        cookies = CookieFile(file).load()
        with httpx.Client(base_url=service.url, cookies=cookies.jar) as http:
            for _ in range(2):
                assert http.post(REFRESH).status_code == 200
        CookieFile(file).overwrite(cookies)

    meddler.plan(REFRESH, Fault(first=rotate_twice))

    assert get(session, f"{meddler.url}{ORDERS}").status_code == 200
    first, second = meddler.requests(REFRESH)
    assert first.headers["Cookie"] != second.headers["Cookie"]


def test_a_token_that_stays_superseded_ends_the_session(
    session: Session, meddler: Meddler, service: Service, file: Path
) -> None:
    with httpx.Client(base_url=service.url, cookies=CookieFile(file).load().jar) as thief:
        for _ in range(2):
            assert thief.post(REFRESH).status_code == 200

    with pytest.raises(SessionEndedError):
        get(session, f"{meddler.url}{ORDERS}")

    assert len(meddler.requests(REFRESH)) == 3


def _log_out(service: Service, file: Path) -> None:
    Session(service.url, cookies=_copied(file)).logout()


def _end(service: Service, file: Path) -> None:
    with httpx.Client(base_url=service.url, auth=Session(service.url, cookies=file)) as http:
        assert http.post("/api/auth/sessions/end", json={"sessions": "all"}).status_code == 200


def _steal(service: Service, file: Path) -> None:
    with httpx.Client(base_url=service.url, cookies=CookieFile(file).load().jar) as thief:
        for _ in range(3):
            assert thief.post(REFRESH).status_code == 200


def _copied(file: Path) -> Path:
    copy = file.with_name("copy")
    copy.write_bytes(file.read_bytes())
    return copy


@pytest.mark.parametrize(
    ("happens", "reason", "words"),
    [
        (_log_out, "logged_out", "this session was ended by a logout"),
        (
            _end,
            "revoked",
            "the password or a second factor was changed, or somebody ended the session",
        ),
        (_steal, "reuse_detected", "this session was used from somewhere else"),
    ],
)
def test_a_session_that_has_ended_says_why(  # noqa: PLR0917 - fixtures are arguments
    session: Session,
    service: Service,
    meddler: Meddler,
    file: Path,
    happens: Callable[[Service, Path], None],
    reason: str,
    words: str,
) -> None:
    happens(service, file)

    with pytest.raises(SessionEndedError, match=words) as raised:
        get(session, f"{meddler.url}{ORDERS}")

    assert raised.value.reason == reason
    assert len(meddler.requests(REFRESH)) == 1


def test_a_change_of_the_password_ends_the_session(
    session: Session, meddler: Meddler, account: Account
) -> None:
    passwords = {"currentPassword": account.password, "newPassword": f"{account.password}-2"}
    with httpx.Client(base_url=meddler.url, auth=session) as http:
        changed = http.post("/api/auth/password", json=passwords)

        with pytest.raises(SessionEndedError) as raised:
            http.get(ME)

    assert changed.status_code == 200
    assert raised.value.reason == "revoked"


def test_a_token_that_the_service_does_not_know_is_no_session(
    session: Session, meddler: Meddler, file: Path
) -> None:
    cookies = CookieFile(file).load()
    for cookie in cookies.jar:
        cookie.value = "x"
    CookieFile(file).save(cookies)

    with pytest.raises(SessionEndedError) as raised:
        get(session, f"{meddler.url}{ORDERS}")

    assert raised.value.reason is None
    assert len(meddler.requests(REFRESH)) == 1


def test_without_a_session_nothing_is_sent(meddler: Meddler, tmp_path: Path) -> None:
    with pytest.raises(SessionEndedError, match="not logged in") as raised:
        get(Session(meddler.url, cookies=tmp_path / "none"), f"{meddler.url}{ORDERS}")

    assert raised.value.reason is None
    assert meddler.seen == []
