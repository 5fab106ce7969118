"""Requests that a foreign page has made a browser send."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from contract.flow.deployments import Account, Deployment
from contract.flow.expectations import assert_problem
from contract.flow.fixtures import Deploy
from contract.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio

LISTED = "https://app.example.com"
FOREIGN = {
    "cross-site": {"Sec-Fetch-Site": "cross-site"},
    "same-site": {"Sec-Fetch-Site": "same-site"},
    "an origin": {"Origin": "https://evil.example"},
    "null": {"Origin": "null"},
    "an origin and cross-site": {
        "Origin": "https://evil.example",
        "Sec-Fetch-Site": "cross-site",
    },
    "an origin that claims to be same-origin": {
        "Origin": "https://evil.example",
        "Sec-Fetch-Site": "same-origin",
    },
    "an empty origin": {"Origin": ""},
}
Act = Callable[[Visitor, Account, str, dict[str, str]], Awaitable[httpx.Response]]
ACTS: dict[str, Act] = {
    "login": lambda visitor, account, cookie, headers: visitor.login(
        account.credentials, cookie=cookie, headers=headers
    ),
    "refresh": lambda visitor, _, cookie, headers: visitor.refresh(cookie, headers=headers),
    "logout": lambda visitor, _, cookie, headers: visitor.logout(cookie, headers=headers),
    "bootstrap": lambda visitor, account, _, headers: visitor.bootstrap(
        account.credentials | {"name": "x"}, headers=headers
    ),
}


@pytest.fixture(scope="module")
async def listing(deploy_once: Deploy) -> Deployment:
    return await deploy_once(CORS_ORIGINS=LISTED)


@pytest.mark.step("X1", "X2", "X4")
@pytest.mark.requirement("CK-5", "CK-6")
@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN.keys())
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
async def test_a_foreign_page_is_refused_and_has_changed_nothing(
    visitor: Visitor, somebody: SignedIn, act: Act, headers: dict[str, str]
) -> None:
    before = await visitor.successor(somebody.refresh)

    answer = await act(visitor, somebody.account, before, headers)

    assert_problem(answer, 403, "origin_not_allowed")
    assert "set-cookie" not in answer.headers
    assert await visitor.successor(somebody.refresh) == before


@pytest.mark.step("X4", "L1", "K15")
@pytest.mark.requirement("CK-6")
async def test_a_foreign_page_is_refused_before_the_body_is_looked_at(visitor: Visitor) -> None:
    answer = await visitor.http.post(
        "/api/auth/login", content=b"{", headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert_problem(answer, 403, "origin_not_allowed")


@pytest.mark.step("K14", "X4")
@pytest.mark.requirement("HT-9")
@pytest.mark.parametrize(
    "path",
    [
        "/api/auth/refresh/",
        "//api/auth/refresh",
        "/api//auth/refresh",
        "/API/auth/refresh",
        "/%61pi/auth/refresh",
        "/api/x/../auth/refresh",
        "/api/auth/refresh;x",
    ],
)
async def test_no_spelling_of_a_path_leads_a_foreign_page_in(
    visitor: Visitor, somebody: SignedIn, path: str
) -> None:
    url = httpx.URL(str(visitor.http.base_url)).copy_with(raw_path=path.encode())
    headers = visitor.cookie(somebody.refresh) | {"Sec-Fetch-Site": "cross-site"}

    answer = await visitor.http.post(url, headers=headers)

    assert answer.status_code in {400, 403, 404}
    assert "set-cookie" not in answer.headers


@pytest.mark.step("X4", "L2")
@pytest.mark.requirement("CK-6")
async def test_a_foreign_page_can_not_use_up_anybodys_attempts(
    visitor: Visitor, user: Account
) -> None:
    wrong = user.credentials | {"password": "a-wrong-guess"}
    for _ in range(12):
        await visitor.login(wrong, headers={"Sec-Fetch-Site": "cross-site"})

    answer = await visitor.login(user.credentials)

    assert answer.status_code == 200


@pytest.mark.step("X3")
@pytest.mark.requirement("CK-5")
@pytest.mark.parametrize("site", [None, "same-origin", "none"])
async def test_the_services_own_page_and_no_page_at_all_are_fine(
    visitor: Visitor, somebody: SignedIn, deployment: Deployment, site: str | None
) -> None:
    site_headers = {} if site is None else {"Sec-Fetch-Site": site}
    token = somebody.refresh

    for headers in ({}, {"Origin": deployment.base_url}):
        answer = await visitor.refresh(token, headers=headers | site_headers)

        assert answer.status_code == 200
    assert (await visitor.logout(token, headers=site_headers)).status_code == 200


@pytest.mark.step("X1", "X2", "X3")
@pytest.mark.parametrize("site", ["cross-site", "same-site", "same-origin", None])
async def test_the_page_of_a_listed_origin_is_fine(listing: Deployment, site: str | None) -> None:
    assert listing.admin is not None
    site_headers = {} if site is None else {"Sec-Fetch-Site": site}
    async with listing.client() as http:
        visitor = Visitor(http=http)

        answer = await visitor.login(
            listing.admin.credentials, headers={"Origin": LISTED} | site_headers
        )

    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == LISTED


@pytest.mark.step("X2", "X5")
@pytest.mark.requirement("CK-5", "CK-9")
@pytest.mark.parametrize(
    "origin",
    [
        "https://app.example.com.evil.example",
        "https://app.example.com:8443",
        "http://app.example.com",
        "https://appxexample.com",
        "https://APP.example.com",
        "https://app.example.com/",
        "https://evil.app.example.com",
    ],
)
async def test_an_origin_that_resembles_a_listed_one_is_foreign(
    listing: Deployment, origin: str
) -> None:
    async with listing.client() as http:
        answer = await Visitor(http=http).logout(None, headers={"Origin": origin})

    assert_problem(answer, 403, "origin_not_allowed")
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.step("X6")
@pytest.mark.parametrize("origin", ["http://localhost:3000", "http://127.0.0.1:3000"])
async def test_the_front_ends_development_server_is_listed_in_development(
    deploy: Deploy, origin: str
) -> None:
    deployment = await deploy()
    async with deployment.client() as http:
        answer = await Visitor(http=http).logout(None, headers={"Origin": origin})

    assert answer.status_code == 200
