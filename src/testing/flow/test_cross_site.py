"""Cross-site requests: a page of another site makes the browser send them."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from latchkey.testing.flow.deployments import Account, Deployment
from latchkey.testing.flow.expectations import assert_problem, assert_status, check_no_cookie
from latchkey.testing.flow.fixtures import Deploy, new_email
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio

LISTED = "https://app.example.com"
SITES = {
    "cross-site": {"Sec-Fetch-Site": "cross-site"},
    "same-site": {"Sec-Fetch-Site": "same-site"},
}
ORIGINS = {
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
TOKEN = "A" * 100
Act = Callable[[Visitor, Account, str, dict[str, str]], Awaitable[httpx.Response]]
MORE_ACTS: dict[str, Act] = {
    "request reset": lambda visitor, account, _, headers: visitor.request_reset(
        account.email, headers=headers
    ),
    "reset": lambda visitor, account, _, headers: visitor.reset_password(
        TOKEN, account.password, headers=headers
    ),
    "register": lambda visitor, _, __, headers: visitor.register(new_email(), headers=headers),
    "complete": lambda visitor, account, _, headers: visitor.complete(
        TOKEN, account.name, account.password, headers=headers
    ),
    "change address": lambda visitor, account, _, headers: visitor.change_email(
        TOKEN, account.password, headers=headers
    ),
    "read link": lambda visitor, _, __, headers: visitor.read_link(TOKEN, headers=headers),
}
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


@pytest.mark.promise("X4")
@pytest.mark.requirement("CK-5", "CK-6")
@pytest.mark.parametrize(
    "headers",
    [
        *(
            pytest.param(headers, id=name, marks=pytest.mark.promise("X1"))
            for name, headers in SITES.items()
        ),
        *(
            pytest.param(headers, id=name, marks=pytest.mark.promise("X2"))
            for name, headers in ORIGINS.items()
        ),
    ],
)
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
async def test_a_request_of_a_foreign_page_is_rejected_and_changes_nothing(
    visitor: Visitor, survivor: SignedIn, act: Act, headers: dict[str, str]
) -> None:
    before = await visitor.successor(survivor.refresh)

    answer = await act(visitor, survivor.account, before, headers)

    assert_problem(answer, 403, "origin_not_allowed")
    check_no_cookie(answer, "X4")
    assert await visitor.successor(survivor.refresh) == before


@pytest.mark.promise("X8")
@pytest.mark.requirement("CK-6")
@pytest.mark.parametrize("headers", [SITES["same-site"], ORIGINS["an origin"]])
@pytest.mark.parametrize("act", MORE_ACTS.values(), ids=MORE_ACTS.keys())
async def test_a_foreign_page_cannot_use_links(
    visitor: Visitor, resident: Account, act: Act, headers: dict[str, str]
) -> None:
    answer = await act(visitor, resident, "", headers)

    assert_problem(answer, 403, "origin_not_allowed")
    check_no_cookie(answer, "X8")


@pytest.mark.promise("X8")
@pytest.mark.requirement("CK-6")
@pytest.mark.parametrize("headers", [SITES["cross-site"], ORIGINS["null"]])
async def test_a_foreign_page_cannot_change_or_delete_an_account(
    visitor: Visitor, survivor: SignedIn, headers: dict[str, str]
) -> None:
    current = survivor.account.password

    answers = [
        await visitor.change_password(survivor.access, current, f"{current}-next", headers=headers),
        await visitor.request_email_change(survivor.access, new_email(), current, headers=headers),
        await visitor.delete_account(survivor.access, current, headers=headers),
    ]

    for answer in answers:
        assert_problem(answer, 403, "origin_not_allowed")
        check_no_cookie(answer, "X8")
    assert_status(await visitor.me(survivor.access), 200)


@pytest.mark.promise("L1", "X4", "K15")
@pytest.mark.requirement("CK-6")
async def test_a_request_of_a_foreign_page_is_rejected_before_its_body_is_read(
    visitor: Visitor,
) -> None:
    answer = await visitor.http.post(
        "/api/auth/login", content=b"{", headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert_problem(answer, 403, "origin_not_allowed")


@pytest.mark.promise("K14", "X4")
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
async def test_no_spelling_of_a_path_bypasses_the_check(
    visitor: Visitor, survivor: SignedIn, path: str
) -> None:
    url = httpx.URL(str(visitor.http.base_url)).copy_with(raw_path=path.encode())
    headers = visitor.cookie(survivor.refresh) | {"Sec-Fetch-Site": "cross-site"}

    answer = await visitor.http.post(url, headers=headers)

    assert_status(answer, 400, 403, 404)
    check_no_cookie(answer, "X4")


@pytest.mark.promise("X4", "L2")
@pytest.mark.requirement("CK-6")
async def test_a_foreign_page_cannot_use_up_the_attempts_of_an_account(
    visitor: Visitor, user: Account
) -> None:
    wrong = user.credentials | {"password": "a-wrong-guess"}
    foreign = {"Sec-Fetch-Site": "cross-site"}
    await asyncio.gather(*(visitor.login(wrong, headers=foreign) for _ in range(12)))

    answer = await visitor.login(user.credentials)

    assert_status(answer, 200)


@pytest.mark.promise("X3")
@pytest.mark.requirement("CK-5")
@pytest.mark.parametrize("site", [None, "same-origin", "none"])
async def test_the_services_own_page_and_clients_without_a_page_are_accepted(
    visitor: Visitor, somebody: SignedIn, deployment: Deployment, site: str | None
) -> None:
    site_headers = {} if site is None else {"Sec-Fetch-Site": site}
    token = somebody.refresh

    for headers in ({}, {"Origin": deployment.base_url}):
        answer = await visitor.refresh(token, headers=headers | site_headers)

        assert_status(answer, 200)
    assert_status(await visitor.logout(token, headers=site_headers), 200)


@pytest.mark.promise("X1", "X2", "X3")
@pytest.mark.parametrize("site", ["cross-site", "same-site", "same-origin", None])
async def test_the_page_of_a_listed_origin_is_accepted(
    listing: Deployment, site: str | None
) -> None:
    assert listing.admin is not None
    site_headers = {} if site is None else {"Sec-Fetch-Site": site}
    async with listing.client() as http:
        visitor = Visitor(http=http)

        answer = await visitor.login(
            listing.admin.credentials, headers={"Origin": LISTED} | site_headers
        )

    assert_status(answer, 200)
    assert answer.headers["access-control-allow-origin"] == LISTED


@pytest.mark.promise("X2", "X5")
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
async def test_an_origin_that_resembles_a_listed_one_is_rejected(
    listing: Deployment, origin: str
) -> None:
    async with listing.client() as http:
        answer = await Visitor(http=http).logout(None, headers={"Origin": origin})

    assert_problem(answer, 403, "origin_not_allowed")
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.promise("X6")
@pytest.mark.parametrize("origin", ["http://localhost:3000", "http://127.0.0.1:3000"])
async def test_the_front_ends_development_server_is_listed_in_development(
    deploy: Deploy, origin: str
) -> None:
    deployment = await deploy()
    async with deployment.client() as http:
        answer = await Visitor(http=http).logout(None, headers={"Origin": origin})

    assert_status(answer, 200)
