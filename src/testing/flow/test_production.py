"""What differs in production."""

from collections.abc import AsyncIterator

import httpx
import pytest

from latchkey.testing.flow.deployments import GOOD_PASSWORD, Deployment
from latchkey.testing.flow.expectations import assert_problem, assert_status
from latchkey.testing.flow.fixtures import Deploy, new_email
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import Visitor

pytestmark = pytest.mark.anyio

ENVIRON = {
    "APP_ENV": "production",
    "ALLOWED_HOSTS": "latchkey.example",
    "TRUSTED_PROXIES": "127.0.0.1",  # the client, who plays the proxy that ends TLS
    "BCRYPT_ROUNDS": "10",
    "DATABASE_URL": "postgresql://required@localhost/not-asked",  # the adapters are given
}
HTTPS = {"X-Forwarded-Proto": "https"}
PATHS = ["/api/auth/me", "/nowhere", "/problems/not_found"]


@pytest.fixture(scope="module")
async def production(deploy_once: Deploy) -> Deployment:
    return await deploy_once(has_admin=True, **ENVIRON)


@pytest.fixture
async def http(production: Deployment) -> AsyncIterator[httpx.AsyncClient]:
    async with production.client() as http:
        yield http


@pytest.mark.promise("N3")
@pytest.mark.requirement("HT-13")
@pytest.mark.parametrize("path", PATHS)
async def test_plain_http_is_rejected_and_never_redirected(
    http: httpx.AsyncClient, path: str
) -> None:
    answer = await http.get(path)

    assert_problem(answer, 403, "https_required")
    assert "location" not in answer.headers


@pytest.mark.promise("N3")
@pytest.mark.requirement("HT-12")
@pytest.mark.parametrize("path", PATHS)
async def test_https_is_accepted_and_made_to_stay(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(path, headers=HTTPS)

    assert_status(answer, 200, 401, 404)
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")


@pytest.mark.promise("N3", "N4")
@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
async def test_a_health_probe_needs_neither_https_nor_an_allowed_host(
    http: httpx.AsyncClient, path: str
) -> None:
    answer = await http.get(path, headers={"Host": "10.0.0.7:8000"})

    assert_status(answer, 200)


@pytest.mark.promise("N4")
@pytest.mark.requirement("HT-7")
@pytest.mark.parametrize(
    "host", ["evil.example", "latchkey.example.evil.example", "xlatchkey.example", ""]
)
async def test_another_host_is_rejected(http: httpx.AsyncClient, host: str) -> None:
    answer = await http.get("/api/auth/me", headers={**HTTPS, "Host": host})

    assert_problem(answer, 400, "host_not_allowed")
    assert host not in answer.text or not host


@pytest.mark.promise("C3", "N2", "N13")
@pytest.mark.requirement("CK-1", "CK-2")
async def test_the_cookie_is_secure(production: Deployment, http: httpx.AsyncClient) -> None:
    assert production.admin is not None
    visitor = Visitor(http=http, cookie_name="__Secure-refresh_token")

    login = await visitor.login(production.admin.credentials, headers=HTTPS)
    token = SetCookie.of(login).value
    refresh = await visitor.refresh(token, headers=HTTPS)
    logout = await visitor.logout(token, headers=HTTPS)

    assert_status(refresh, 200)
    for answer in (login, refresh, logout):
        assert SetCookie.of(answer).name == visitor.cookie_name
        assert "secure" in SetCookie.of(answer).attributes
        assert "domain" not in SetCookie.of(answer).attributes


@pytest.mark.promise("B1", "N1")
@pytest.mark.requirement("BA-1")
async def test_bootstrap_is_off(http: httpx.AsyncClient) -> None:
    wish = {"email": new_email(), "password": GOOD_PASSWORD, "name": "First"}

    answer = await Visitor(http=http).bootstrap(wish, headers=HTTPS)

    assert_problem(answer, 403, "bootstrap_disabled")


@pytest.mark.promise("D3", "N8")
@pytest.mark.requirement("HT-14")
@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/docs/swagger-ui.css"])
async def test_the_documentation_is_off(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(path, headers=HTTPS)

    assert_problem(answer, 404, "not_found")


@pytest.mark.promise("D3", "N8")
async def test_the_documentation_can_be_turned_on(deploy: Deploy) -> None:
    deployment = await deploy(has_admin=False, **ENVIRON, DOCS="true")
    async with deployment.client() as http:
        answers = [await http.get(path, headers=HTTPS) for path in ("/docs", "/openapi.json")]

    for answer in answers:
        assert_status(answer, 200)


@pytest.mark.promise("P2")
async def test_problems_are_explained_in_production_too(http: httpx.AsyncClient) -> None:
    answer = await http.get("/problems/session_ended", headers=HTTPS)

    assert_status(answer, 200)


@pytest.mark.promise("X6")
@pytest.mark.requirement("CK-9")
async def test_no_origin_is_listed_by_default(http: httpx.AsyncClient) -> None:
    headers = HTTPS | {"Origin": "http://localhost:3000"}

    read = await http.get("/api/auth/me", headers=headers)
    logout = await Visitor(http=http).logout(None, headers=headers)

    assert not any(name.startswith("access-control-") for name in read.headers)
    assert_problem(logout, 403, "origin_not_allowed")


@pytest.mark.promise("X3")
async def test_the_services_own_origin_is_the_one_that_browsers_see(
    http: httpx.AsyncClient,
) -> None:
    visitor = Visitor(http=http)

    own = await visitor.logout(None, headers=HTTPS | {"Origin": "https://latchkey.example"})
    other = await visitor.logout(None, headers=HTTPS | {"Origin": "http://latchkey.example"})

    assert_status(own, 200)
    assert_problem(other, 403, "origin_not_allowed")
