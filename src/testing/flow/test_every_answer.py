"""What holds for every response."""

import httpx
import pytest

from latchkey.testing.flow.expectations import assert_problem, assert_status, check
from latchkey.testing.flow.visitor import SignedIn, Visitor

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
POLICY = "default-src 'none'; frame-ancestors 'none'"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PURGE")
UNKNOWN = ["/nowhere", "/api", "/api/", "/api/nowhere", "/api/auth/login/again", "/health"]


def _check_headers(answer: httpx.Response) -> None:
    headers = answer.headers
    has_id = len(headers.get_list("x-request-id")) == 1
    check("K2", answer, "exactly one X-Request-ID", holds=has_id)
    is_strict = headers.get("x-content-type-options") == "nosniff"
    check("K3", answer, "X-Content-Type-Options: nosniff", holds=is_strict)
    is_silent = headers.get("referrer-policy") == "no-referrer"
    check("K3", answer, "Referrer-Policy: no-referrer", holds=is_silent)


def _allowed(answer: httpx.Response) -> set[str]:
    """Return the methods that `Allow` lists, except OPTIONS, which every path has."""
    return set(answer.headers["allow"].replace(" ", "").split(",")) - {"OPTIONS"}


async def _answers(visitor: Visitor, reader: SignedIn) -> list[httpx.Response]:
    http = visitor.http
    return [
        await visitor.me(reader.access),
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
        await http.head("/api/auth/me", headers=reader.bearer),
        await http.get("/health/live"),
        await http.get("/nowhere"),
    ]


@pytest.mark.promise("K4", "K2", "K3", "K18")
@pytest.mark.requirement("HT-11", "HT-12")
async def test_every_response_has_the_headers_that_protect_it(
    visitor: Visitor, reader: SignedIn
) -> None:
    answers = await _answers(visitor, reader)

    for answer in answers:
        _check_headers(answer)
        if answer.request.url.path.startswith("/api"):
            assert answer.headers.get("cache-control") == "no-store"
            is_locked = answer.headers.get("content-security-policy") == POLICY
            check("K18", answer, f"Content-Security-Policy: {POLICY}", holds=is_locked)
    ids = {answer.headers.get("x-request-id") for answer in answers}
    check("K2", answers[0], "an X-Request-ID of its own", holds=len(ids) == len(answers))


@pytest.mark.promise("K2")
@pytest.mark.parametrize("request_id", ["a", "Trace_1.2-3", "x" * 64])
async def test_a_valid_request_id_is_kept(visitor: Visitor, request_id: str) -> None:
    for path in ("/health/live", "/api/nowhere"):
        answer = await visitor.http.get(path, headers={"X-Request-ID": request_id})

        assert answer.headers["x-request-id"] == request_id


@pytest.mark.promise("K2")
@pytest.mark.requirement("HT-10")
@pytest.mark.parametrize(
    "request_id", ["", "x" * 65, "a b", "a%0d%0aSet-Cookie:x=y", "a\tb", "\xe9"]
)
async def test_an_invalid_request_id_is_replaced(visitor: Visitor, request_id: str) -> None:
    answer = await visitor.http.get(
        "/health/live", headers={b"X-Request-ID": request_id.encode("latin-1")}
    )

    assert_status(answer, 200)
    assert answer.headers["x-request-id"] not in {"", request_id}


@pytest.mark.promise("K1")
@pytest.mark.parametrize("accept", ["text/html", "application/xml", "*/*", "nonsense"])
async def test_the_response_is_json_whatever_accept_says(
    visitor: Visitor, reader: SignedIn, accept: str
) -> None:
    right = await visitor.http.get("/api/auth/me", headers=reader.bearer | {"Accept": accept})
    wrong = await visitor.http.get("/api/auth/me", headers={"Accept": accept})

    assert right.headers["content-type"].partition(";")[0] == "application/json"
    assert_problem(wrong, 401, "access_token_missing")


@pytest.mark.promise("K9", "P1")
@pytest.mark.requirement("ER-1")
@pytest.mark.parametrize("path", UNKNOWN)
async def test_an_unknown_path_is_404_whether_or_not_one_is_signed_in(
    visitor: Visitor, reader: SignedIn, path: str
) -> None:
    answers = [
        await visitor.http.get(path),
        await visitor.http.get(path, headers=reader.bearer),
        await visitor.http.post(path, json={}),
    ]

    for answer in answers:
        assert_problem(answer, 404, "not_found")


@pytest.mark.promise("K10", "P1")
@pytest.mark.requirement("CK-8", "HT-8", "ER-1")
@pytest.mark.parametrize(("path", "own"), OPERATIONS.items(), ids=OPERATIONS.keys())
async def test_an_unsupported_method_is_405_with_allow(
    visitor: Visitor, path: str, own: set[str]
) -> None:
    for method in sorted(set(METHODS) - own):
        answer = await visitor.http.request(method, path)

        assert_status(answer, 405)
        assert _allowed(answer) == own
        if method != "HEAD":
            assert_problem(answer, 405, "method_not_allowed")


@pytest.mark.promise("K10")
@pytest.mark.requirement("AZ-5")
@pytest.mark.parametrize(("path", "own"), OPERATIONS.items(), ids=OPERATIONS.keys())
async def test_options_returns_the_methods_and_does_nothing(
    visitor: Visitor, path: str, own: set[str]
) -> None:
    answer = await visitor.http.options(path)

    assert_status(answer, 204)
    assert _allowed(answer) == own
    assert answer.content == b""


@pytest.mark.promise("K10")
@pytest.mark.requirement("AZ-5")
async def test_head_returns_what_get_does_without_the_body(
    visitor: Visitor, somebody: SignedIn
) -> None:
    get = await visitor.me(somebody.access)
    head = await visitor.http.head("/api/auth/me", headers=somebody.bearer)
    anonymous = await visitor.http.head("/api/auth/me")

    assert_status(head, 200)
    assert head.content == b""
    assert head.headers["content-type"] == get.headers["content-type"]
    assert head.headers["content-length"] == get.headers["content-length"]
    assert_status(anonymous, 401)
    assert anonymous.content == b""


@pytest.mark.promise("K10")
@pytest.mark.requirement("AZ-5", "HT-8")
@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
async def test_no_header_changes_the_method(visitor: Visitor, header: str) -> None:
    answer = await visitor.http.get("/api/auth/logout", headers={header: "POST"})

    assert_problem(answer, 405, "method_not_allowed")


@pytest.mark.promise("K14")
@pytest.mark.requirement("HT-9")
@pytest.mark.parametrize("path", ["/api/admin/users", "/api/orders", "/api/auth/me"])
async def test_no_spelling_of_a_path_bypasses_authentication(visitor: Visitor, path: str) -> None:
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

        assert_status(answer, 400, 401, 404)
        is_problem = answer.headers.get("content-type") == "application/problem+json"
        check("P1", answer, "Content-Type: application/problem+json", holds=is_problem)
