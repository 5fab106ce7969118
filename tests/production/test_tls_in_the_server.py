"""Installation where TLS ends in the service itself."""

import ssl
from collections.abc import AsyncIterator

import httpx
import pytest

from harness.service import Service
from harness.wire import wire
from latchkey.testing.flow.deployments import GOOD_PASSWORD
from latchkey.testing.flow.expectations import assert_problem
from latchkey.testing.flow.fixtures import new_email
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import Visitor
from production.deployment import ADMIN, visitor_of

pytestmark = pytest.mark.anyio


@pytest.fixture
async def visitor(over_tls: Service, trust: ssl.SSLContext) -> AsyncIterator[Visitor]:
    async with over_tls.client(trust=trust) as http:
        yield visitor_of(http)


@pytest.mark.requirement("CK-1")
async def test_one_logs_in_refreshes_and_logs_out_with_a_secure_cookie(visitor: Visitor) -> None:
    login = await visitor.login(ADMIN.credentials)
    refresh = await visitor.refresh(SetCookie.of(login).value)
    me = await visitor.me(refresh.json()["accessToken"])
    logout = await visitor.logout(SetCookie.of(refresh).value)

    for answer in (login, refresh, logout):
        assert answer.status_code == 200
        attributes = dict(SetCookie.of(answer).attributes)
        assert int(attributes.pop("max-age")) <= 7 * 86_400
        assert attributes == {
            "secure": "",
            "httponly": "",
            "path": "/api/auth",
            "samesite": "Strict",
        }
    assert me.json()["email"] == ADMIN.email
    assert SetCookie.of(logout).max_age == 0


@pytest.mark.requirement("HT-12", "HT-14")
@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/api/auth/me", "/nowhere"])
async def test_every_answer_pins_https_stays_here_and_names_no_version(
    visitor: Visitor, path: str
) -> None:
    answer = await visitor.http.get(path)

    assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert not any(character.isdigit() for character in answer.headers.get("server", ""))
    assert "x-powered-by" not in answer.headers


@pytest.mark.parametrize("path", ["/docs", "/openapi.json"])
async def test_the_api_is_not_on_show(visitor: Visitor, path: str) -> None:
    answer = await visitor.http.get(path)

    assert_problem(answer, 404, "not_found")


async def test_nobody_becomes_an_administrator_over_http(visitor: Visitor) -> None:
    wish = {"email": new_email(), "password": GOOD_PASSWORD, "name": "Thief"}

    answer = await visitor.bootstrap(wish)

    assert_problem(answer, 403, "bootstrap_disabled")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", ""])
async def test_a_host_that_is_not_ours_is_refused(visitor: Visitor, host: str) -> None:
    answer = await visitor.http.get("/api/auth/me", headers={"Host": host})

    assert_problem(answer, 400, "host_not_allowed")


@pytest.mark.requirement("HT-7")
async def test_two_hosts_are_refused_even_if_both_are_ours(
    over_tls: Service, trust: ssl.SSLContext
) -> None:
    async with wire(over_tls.port, trust) as connection:
        await connection.send(
            b"GET /api/orders HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: 127.0.0.1\r\n"
            b"Connection: close\r\n\r\n"
        )
        answer = await connection.rest()

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b'"code":"host_not_allowed"' in answer


async def test_a_probe_needs_no_host_of_ours(visitor: Visitor) -> None:
    probes = [
        await visitor.http.get(f"/health/{name}", headers={"Host": "10.0.0.7"})
        for name in ("live", "ready")
    ]

    assert [probe.status_code for probe in probes] == [200, 200]


@pytest.mark.requirement("LG-7")
async def test_a_strangers_word_for_an_address_resets_no_throttle(visitor: Visitor) -> None:
    wrong = {"email": new_email(), "password": GOOD_PASSWORD}

    answers = [
        await visitor.login(wrong, headers={"X-Forwarded-For": f"203.0.113.{last}"})
        for last in range(5)
    ]

    assert [answer.status_code for answer in answers] == [401, 401, 401, 429, 429]


async def test_without_tls_nothing_is_answered(over_tls: Service) -> None:
    async with httpx.AsyncClient() as http:
        with pytest.raises(httpx.RemoteProtocolError):
            await http.get(f"http://127.0.0.1:{over_tls.port}/health/live")
