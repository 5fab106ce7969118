"""What every request may expect of every answer."""

import httpx
import pytest

from contract.flow.expectations import assert_problem
from contract.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio

OPERATIONS = {
    "/api/auth/login": {"POST"},
    "/api/auth/refresh": {"POST"},
    "/api/auth/logout": {"POST"},
    "/api/auth/me": {"GET", "HEAD"},
    "/api/auth/bootstrap": {"POST"},
    "/api/orders": {"GET", "HEAD"},
    "/api/admin/users": {"GET", "HEAD", "POST"},
    "/health/live": {"GET", "HEAD"},
    "/health/ready": {"GET", "HEAD"},
}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PURGE")
UNKNOWN = ["/nowhere", "/api", "/api/", "/api/nowhere", "/api/auth/login/again", "/health"]


async def _answers(visitor: Visitor, somebody: SignedIn) -> list[httpx.Response]:
    http = visitor.http
    return [
        await visitor.me(somebody.access),
        await http.get("/api/auth/me"),
        await http.get("/api/nowhere"),
        await http.put("/api/auth/login"),
        await http.post("/api/auth/login", content=b"{", headers={"Content-Type": "text/plain"}),
        await http.post("/api/auth/login", content=b"x" * 20_000),
        await visitor.login({}),
        await visitor.refresh(None),
        await visitor.logout(None),
        await visitor.refresh(None, headers={"Sec-Fetch-Site": "cross-site"}),
        await http.options("/api/auth/login"),
        await http.head("/api/auth/me", headers=somebody.bearer),
        await http.get("/health/live"),
        await http.get("/nowhere"),
    ]


@pytest.mark.step("K2", "K3", "K4")
@pytest.mark.requirement("HT-11", "HT-12")
async def test_every_answer_carries_the_headers_that_protect_it(
    visitor: Visitor, somebody: SignedIn
) -> None:
    answers = await _answers(visitor, somebody)

    for answer in answers:
        headers = answer.headers
        assert len(headers.get_list("x-request-id")) == 1
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        if answer.request.url.path.startswith("/api"):
            assert headers["cache-control"] == "no-store"
            assert (
                headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
            )
    assert len({answer.headers["x-request-id"] for answer in answers}) == len(answers)


@pytest.mark.step("K2")
@pytest.mark.parametrize("request_id", ["a", "Trace_1.2-3", "x" * 64])
async def test_a_request_id_that_is_one_is_kept(visitor: Visitor, request_id: str) -> None:
    for path in ("/health/live", "/api/nowhere"):
        answer = await visitor.http.get(path, headers={"X-Request-ID": request_id})

        assert answer.headers["x-request-id"] == request_id


@pytest.mark.step("K2")
@pytest.mark.requirement("HT-10")
@pytest.mark.parametrize(
    "request_id", ["", "x" * 65, "a b", "a%0d%0aSet-Cookie:x=y", "a\tb", "\xe9"]
)
async def test_any_other_request_id_is_replaced(visitor: Visitor, request_id: str) -> None:
    answer = await visitor.http.get(
        "/health/live", headers={b"X-Request-ID": request_id.encode("latin-1")}
    )

    assert answer.status_code == 200
    assert answer.headers["x-request-id"] not in {"", request_id}


@pytest.mark.step("K1")
@pytest.mark.parametrize("accept", ["text/html", "application/xml", "*/*", "nonsense"])
async def test_the_answer_is_json_whatever_is_accepted(
    visitor: Visitor, somebody: SignedIn, accept: str
) -> None:
    right = await visitor.http.get("/api/auth/me", headers=somebody.bearer | {"Accept": accept})
    wrong = await visitor.http.get("/api/auth/me", headers={"Accept": accept})

    assert right.headers["content-type"] == "application/json"
    assert_problem(wrong, 401, "access_token_missing")


@pytest.mark.step("K9", "P1")
@pytest.mark.requirement("ER-1")
@pytest.mark.parametrize("path", UNKNOWN)
async def test_an_unknown_path_is_not_found_whoever_asks(
    visitor: Visitor, somebody: SignedIn, path: str
) -> None:
    answers = [
        await visitor.http.get(path),
        await visitor.http.get(path, headers=somebody.bearer),
        await visitor.http.post(path, json={}),
    ]

    for answer in answers:
        assert_problem(answer, 404, "not_found")


@pytest.mark.step("K10", "P1")
@pytest.mark.requirement("CK-8", "HT-8", "ER-1")
@pytest.mark.parametrize(("path", "own"), OPERATIONS.items(), ids=OPERATIONS.keys())
async def test_a_method_that_a_path_does_not_have_is_not_allowed(
    visitor: Visitor, path: str, own: set[str]
) -> None:
    for method in sorted(set(METHODS) - own):
        answer = await visitor.http.request(method, path)

        assert answer.status_code == 405, method
        assert set(answer.headers["allow"].replace(" ", "").split(",")) == own | {"OPTIONS"}
        if method != "HEAD":
            assert_problem(answer, 405, "method_not_allowed")


@pytest.mark.step("K10")
@pytest.mark.requirement("AZ-5")
@pytest.mark.parametrize(("path", "own"), OPERATIONS.items(), ids=OPERATIONS.keys())
async def test_options_tells_the_methods_and_does_nothing(
    visitor: Visitor, path: str, own: set[str]
) -> None:
    answer = await visitor.http.options(path)

    assert answer.status_code == 204
    assert set(answer.headers["allow"].replace(" ", "").split(",")) == own | {"OPTIONS"}
    assert answer.content == b""


@pytest.mark.step("K10", "A4")
@pytest.mark.requirement("AZ-5")
async def test_head_is_answered_like_get_without_the_body(
    visitor: Visitor, somebody: SignedIn
) -> None:
    get = await visitor.me(somebody.access)
    head = await visitor.http.head("/api/auth/me", headers=somebody.bearer)
    anonymous = await visitor.http.head("/api/auth/me")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == get.headers["content-type"]
    assert head.headers["content-length"] == get.headers["content-length"]
    assert (anonymous.status_code, anonymous.content) == (401, b"")


@pytest.mark.step("K10")
@pytest.mark.requirement("AZ-5", "HT-8")
@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
async def test_no_header_changes_the_method(visitor: Visitor, header: str) -> None:
    answer = await visitor.http.get("/api/auth/logout", headers={header: "POST"})

    assert_problem(answer, 405, "method_not_allowed")


@pytest.mark.step("K14")
@pytest.mark.requirement("HT-9")
@pytest.mark.parametrize("path", ["/api/admin/users", "/api/orders", "/api/auth/me"])
async def test_no_spelling_of_a_path_leads_around_a_check(visitor: Visitor, path: str) -> None:
    spellings = [
        f"{path}/",
        f"/{path}",
        path.replace("/api/", "/api//"),
        path.replace("/api", "/API"),
        path.replace("/api", "/%61pi"),
        path.replace("/api", "/./api"),
        path.replace("/api", "/x/../api"),
        f"{path};x",
        f"{path}%00",
        f"{path}%2f",
    ]

    for spelling in spellings:
        url = httpx.URL(str(visitor.http.base_url)).copy_with(raw_path=spelling.encode())
        answer = await visitor.http.get(url)

        assert answer.status_code in {400, 401, 404}, spelling
        assert answer.headers["content-type"] == "application/problem+json"
