"""Installation where a proxy ends TLS, and where nobody does."""

from collections.abc import AsyncIterator

import pytest

from harness.service import Installation, Service
from latchkey.testing.flow.deployments import GOOD_PASSWORD
from latchkey.testing.flow.expectations import assert_problem
from latchkey.testing.flow.fixtures import new_email
from latchkey.testing.flow.visitor import Visitor
from production.deployment import ADMIN, HOST, PROXY, visitor_of

pytestmark = pytest.mark.anyio


@pytest.fixture
async def visitor(behind_proxy: Service) -> AsyncIterator[Visitor]:
    async with behind_proxy.client({"Host": HOST}) as http:
        yield visitor_of(http)


async def test_a_trusted_proxys_word_for_https_is_believed(visitor: Visitor) -> None:
    answer = await visitor.login(ADMIN.credentials, headers=PROXY)

    assert answer.status_code == 200


@pytest.mark.requirement("HT-13")
@pytest.mark.parametrize("said", [{}, {"X-Forwarded-Proto": "http"}, {"X-Forwarded-Proto": ""}])
async def test_without_that_word_one_is_refused_and_not_redirected(
    visitor: Visitor, said: dict[str, str]
) -> None:
    answer = await visitor.login(ADMIN.credentials, headers=said)

    assert_problem(answer, 403, "https_required")
    assert "location" not in answer.headers


async def test_a_trusted_proxy_tells_clients_apart(visitor: Visitor) -> None:
    wrong = {"email": new_email(), "password": GOOD_PASSWORD}

    one = [
        await visitor.login(wrong, headers=PROXY | {"X-Forwarded-For": "203.0.113.1"})
        for _ in range(4)
    ]
    another = await visitor.login(wrong, headers=PROXY | {"X-Forwarded-For": "203.0.113.2"})

    assert [answer.status_code for answer in one] == [401, 401, 401, 429]
    assert another.status_code == 401


@pytest.mark.requirement("LG-7")
async def test_what_a_client_puts_before_the_proxys_word_is_not_believed(visitor: Visitor) -> None:
    wrong = {"email": new_email(), "password": GOOD_PASSWORD}

    answers = [
        await visitor.login(
            wrong, headers=PROXY | {"X-Forwarded-For": f"198.51.100.{last}, 203.0.113.9"}
        )
        for last in range(4)
    ]

    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]


async def test_where_nobody_ends_tls_only_health_is_answered(production: Installation) -> None:
    with production.serving(WORKERS="1") as service:
        async with service.client(PROXY) as http:
            login = await visitor_of(http).login(ADMIN.credentials)
            me = await http.get("/api/auth/me")
            probes = [await http.get("/health/live"), await http.get("/health/ready")]

    assert_problem(login, 403, "https_required")
    assert_problem(me, 403, "https_required")
    assert [probe.status_code for probe in probes] == [200, 200]
