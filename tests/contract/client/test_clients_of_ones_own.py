"""An app without a cookie jar, and a web server on behalf of people, as docs/clients.md has them.

Neither uses our packages: they show that its rules are enough.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from threading import Lock

import httpx
import pytest

from harness.meddler import LOST, Meddler
from harness.service import Service
from latchkey.testing.flow.deployments import Account

LOGIN = "/api/auth/login"
REFRESH = "/api/auth/refresh"
ORDERS = "/api/orders"


@dataclass(slots=True, kw_only=True)
class App:
    """Reads `Set-Cookie` itself; its store survives when it is killed, all else does not."""

    url: str
    store: Path

    def login(self, account: Account) -> httpx.Response:
        sent = {"Cookie": self._device.read_text()} if self._device.exists() else {}
        response = self._post(LOGIN, sent, json=account.credentials)
        token, device = response.headers.get_list("Set-Cookie")
        self.keep(token)
        assert device.partition("=")[0].endswith("_device")
        self._device.write_text(device.partition(";")[0])
        return response

    def refresh(self) -> httpx.Response:
        """Send the stored token, once more if the response is lost; store nothing."""
        cookie = {"Cookie": self.store.read_text()}
        try:
            return self._post(REFRESH, cookie)
        except httpx.TransportError:
            return self._post(REFRESH, cookie)

    def keep(self, cookie: str) -> None:
        self.store.write_text(cookie.partition(";")[0])

    @property
    def _device(self) -> Path:
        return self.store.with_name("device")

    def _post(self, path: str, headers: dict[str, str], **body: object) -> httpx.Response:
        with httpx.Client(base_url=self.url) as http:  # a new jar each time
            return http.post(path, headers=headers, **body)  # type: ignore[arg-type]


@pytest.fixture
def app(meddler: Meddler, tmp_path: Path) -> App:
    return App(url=meddler.url, store=tmp_path / "token")


def test_an_app_can_read_and_send_the_cookies_itself(app: App, account: Account) -> None:
    app.login(account)
    for _ in range(3):
        response = app.refresh()
        app.keep(response.headers["Set-Cookie"])
        authorization = {"Authorization": f"Bearer {response.json()['accessToken']}"}
        orders = httpx.get(f"{app.url}{ORDERS}", headers=authorization)
        assert orders.status_code == HTTPStatus.OK


def test_an_app_whose_response_is_lost_repeats_with_the_same_token(
    app: App, meddler: Meddler, account: Account
) -> None:
    app.login(account)
    meddler.plan(REFRESH, LOST)

    assert app.refresh().status_code == HTTPStatus.OK
    lost, repeated = meddler.requests(REFRESH)
    assert lost.cookies == repeated.cookies
    assert "Origin" not in lost.headers


def test_an_app_that_is_killed_before_it_stored_a_token_goes_on_with_the_old_one(
    app: App, account: Account
) -> None:
    app.login(account)
    unstored = app.refresh()

    restarted = App(url=app.url, store=app.store).refresh()
    assert restarted.status_code == HTTPStatus.OK
    token, same = (each.headers["Set-Cookie"].split(";")[0] for each in (unstored, restarted))
    assert token == same


def test_the_token_of_a_restored_backup_looks_stolen(app: App, account: Account) -> None:
    app.login(account)
    backup = app.store.read_text()
    for _ in range(3):
        app.keep(app.refresh().headers["Set-Cookie"])

    app.keep(backup)
    problem = app.refresh().json()
    assert (problem["code"], problem["reason"]) == ("session_ended", "reuse_detected")


def test_an_app_sends_its_device_cookie_with_the_next_login(
    app: App, meddler: Meddler, account: Account
) -> None:
    app.login(account)
    app.store.unlink()  # as after a logout

    app.login(account)
    _, second = meddler.requests(LOGIN)
    assert [name.rpartition("_")[2] for name in second.cookies] == ["device"]


@dataclass(slots=True)
class WebServer:
    """Keeps the cookie jars of its users, and answers their browsers by its own session ids."""

    url: str
    jars: dict[str, httpx.Cookies] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def login(self, browser: str, account: Account, **forwarded: str) -> httpx.Response:
        with httpx.Client(base_url=self.url) as http:
            response = http.post(LOGIN, json=account.credentials, headers=forwarded)
            self.jars[browser] = http.cookies
            return response

    def orders(self, browser: str) -> int:
        """Answer a request of a browser, in any thread."""
        with self.lock:
            if browser not in self.tokens:
                self.tokens[browser] = self._refreshed(browser)
        headers = {"Authorization": f"Bearer {self.tokens[browser]}"}
        return httpx.get(f"{self.url}{ORDERS}", headers=headers).status_code

    def _refreshed(self, browser: str) -> str:
        with httpx.Client(base_url=self.url, cookies=self.jars[browser]) as http:
            try:
                response = http.post(REFRESH)
            except httpx.TransportError:
                response = http.post(REFRESH)
            self.jars[browser] = http.cookies
        token: str = response.json()["accessToken"]
        return token


def test_a_web_server_refreshes_once_for_all_its_workers(
    meddler: Meddler, account: Account
) -> None:
    server = WebServer(meddler.url)
    server.login("browser", account)
    meddler.plan(REFRESH, LOST)

    with ThreadPoolExecutor(8) as workers:
        statuses = set(workers.map(server.orders, ["browser"] * 8))

    assert statuses == {HTTPStatus.OK}
    assert len(meddler.requests(REFRESH)) == 2  # the one that was lost, and its repetition
    assert meddler.most_at_once(REFRESH) == 1


def test_a_web_server_that_forwards_the_origin_of_a_browser_is_refused(
    service: Service, account: Account
) -> None:
    server = WebServer(service.url)
    browsers = {"Origin": "https://shop.example.com", "Sec-Fetch-Site": "same-origin"}

    refused = server.login("browser", account, **browsers)
    assert refused.json()["code"] == "origin_not_allowed"
    assert server.login("browser", account).status_code == HTTPStatus.OK
