import gzip
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from litestar.exceptions import MethodNotAllowedException
from litestar.testing import RequestFactory
from litestar.types import HTTPScope

from latchkey.entrypoints.http.static.frontend import Frontend

pytestmark = pytest.mark.anyio

FIRST = 'self.__next = ["a < b && c", "</b>", "é"]'
SECOND = "self.__next.push(1)"
PAGE = (
    '<title>{}</title><script src="/a.js">not run</script>'
    f"<script>{FIRST}</script>text<script>{SECOND}</script>"
)
CODE = "export const answer = 42;\n" * 100


def asking(path: str, *, accept: str) -> HTTPScope:
    return RequestFactory().get(path, headers={"accept": accept}).scope


@pytest.fixture
def export(tmp_path: Path) -> Path:
    files = {
        "index.html": PAGE.format("Home"),
        "404.html": PAGE.format("Page not found"),
        "orders/index.html": PAGE.format("Orders"),
        "orders/index.txt": "1:payload",
        "_next/static/chunks/app-0123.js": CODE,
        "_next/static/media/font-0123.woff2": "not really a font" * 100,
    }
    for name, text in files.items():
        path = tmp_path / "out" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "secret.txt").write_text("not of the export")
    return tmp_path / "out"


@pytest.fixture
def client(export: Path) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(Frontend(export))  # type: ignore[arg-type]  # httpx types scopes loosely
    return httpx.AsyncClient(transport=transport, base_url="http://localhost")


@pytest.mark.parametrize(
    ("path", "title"), [("/", "Home"), ("/orders", "Orders"), ("/orders/", "Orders")]
)
async def test_a_page_is_found_with_and_without_its_last_slash(
    client: httpx.AsyncClient, path: str, title: str
) -> None:
    response = await client.get(path)

    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert f"<title>{title}</title>" in response.text


async def test_an_unknown_path_gives_the_not_found_page(client: httpx.AsyncClient) -> None:
    response = await client.get("/nowhere")

    assert response.status_code == 404
    assert "<title>Page not found</title>" in response.text
    assert "script-src" in response.headers["content-security-policy"]


async def test_the_not_found_page_is_no_match_for_its_own_tag(client: httpx.AsyncClient) -> None:
    tag = (await client.get("/404.html")).headers["etag"]

    response = await client.get("/nowhere", headers={"if-none-match": tag})

    assert response.status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/../secret.txt", "/%2e%2e/secret.txt", "//secret.txt", "/orders/../../secret.txt", "/_next"],
)
async def test_nothing_but_the_files_of_the_export_is_answered(
    client: httpx.AsyncClient, path: str
) -> None:
    request = client.build_request("GET", "/")
    request.url = request.url.copy_with(raw_path=path.encode())

    response = await client.send(request)

    assert response.status_code == 404


async def test_the_policy_of_a_page_allows_its_inline_scripts_and_no_others(
    client: httpx.AsyncClient,
) -> None:
    policy = (await client.get("/")).headers["content-security-policy"]

    first, second = (b64encode(sha256(text.encode()).digest()).decode() for text in (FIRST, SECOND))
    assert f"script-src 'self' 'sha256-{first}' 'sha256-{second}';" in policy
    assert policy.startswith("default-src 'none';")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


async def test_what_is_no_page_may_load_nothing(client: httpx.AsyncClient) -> None:
    response = await client.get("/orders/index.txt")

    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert (
        response.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    )


@pytest.mark.parametrize(
    ("path", "caching"),
    [
        ("/orders/", "no-cache"),
        ("/orders/index.txt", "no-cache"),
        ("/nowhere", "no-cache"),
        ("/_next/static/chunks/app-0123.js", "public, max-age=31536000, immutable"),
    ],
)
async def test_only_what_is_named_by_its_content_is_kept_for_good(
    client: httpx.AsyncClient, path: str, caching: str
) -> None:
    response = await client.get(path)

    assert response.headers["cache-control"] == caching


@pytest.mark.parametrize("accepted", ["gzip", "br, gzip;q=0.5", "GZIP ; q=1.0"])
async def test_text_travels_packed_where_that_is_accepted(
    client: httpx.AsyncClient, accepted: str
) -> None:
    async with client.stream(
        "GET", "/_next/static/chunks/app-0123.js", headers={"accept-encoding": accepted}
    ) as response:
        sent = b"".join([part async for part in response.aiter_raw()])

    assert response.headers["content-encoding"] == "gzip"
    assert int(response.headers["content-length"]) == len(sent)
    assert gzip.decompress(sent).decode() == CODE


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "br, gzip; q=0.0", "x-gzipped"])
async def test_text_travels_as_it_is_where_gzip_is_not_accepted(
    client: httpx.AsyncClient, accepted: str
) -> None:
    response = await client.get(
        "/_next/static/chunks/app-0123.js", headers={"accept-encoding": accepted}
    )

    assert "content-encoding" not in response.headers
    assert response.text == CODE


@pytest.mark.parametrize("path", ["/orders/index.txt", "/_next/static/media/font-0123.woff2"])
async def test_what_gains_nothing_is_never_packed(client: httpx.AsyncClient, path: str) -> None:
    response = await client.get(path, headers={"accept-encoding": "gzip"})

    assert "content-encoding" not in response.headers
    assert response.headers["vary"] == "accept, accept-encoding"


@pytest.mark.parametrize("form", ["{}", '"other", {}', "*"])
async def test_what_the_client_has_is_not_sent_again(client: httpx.AsyncClient, form: str) -> None:
    tag = (await client.get("/orders/")).headers["etag"]

    response = await client.get("/orders/", headers={"if-none-match": form.format(tag)})

    assert response.status_code == 304
    assert response.content == b""
    assert response.headers["etag"] == tag
    assert "content-length" not in response.headers


async def test_what_has_changed_is_sent(client: httpx.AsyncClient) -> None:
    tag = (await client.get("/")).headers["etag"]

    response = await client.get("/orders/", headers={"if-none-match": tag})

    assert response.status_code == 200
    assert response.headers["etag"] != tag


async def test_a_page_can_only_be_read(client: httpx.AsyncClient) -> None:
    with pytest.raises(MethodNotAllowedException) as refused:
        await client.post("/orders/")

    assert refused.value.headers == {"allow": "GET, OPTIONS"}


@pytest.mark.parametrize("path", ["/", "/orders", "/orders/index.txt"])
def test_the_files_of_the_export_are_the_front_ends(export: Path, path: str) -> None:
    assert Frontend(export).serves(asking(path, accept="*/*"))


@pytest.mark.parametrize("path", ["/nowhere", "/apiary", "/nowhere/api", "/problem"])
def test_who_looks_for_a_page_that_is_not_there_gets_the_front_ends(
    export: Path, path: str
) -> None:
    assert Frontend(export).serves(asking(path, accept="text/html,*/*;q=0.8"))
    assert not Frontend(export).serves(asking(path, accept="application/json"))


def test_what_is_sent_to_an_unknown_path_is_the_services_to_refuse(export: Path) -> None:
    scope = asking("/nowhere", accept="text/html")
    scope["method"] = "POST"

    assert not Frontend(export).serves(scope)


@pytest.mark.parametrize(
    "path",
    [
        *("/api", "/api/", "/api/nowhere", "//api/orders"),
        *("/health/live", "/docs", "/openapi.json", "/problems/not_found"),
    ],
)
def test_the_paths_of_the_service_are_left_to_it(export: Path, path: str) -> None:
    assert not Frontend(export).serves(asking(path, accept="text/html"))


def test_a_directory_without_an_export_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="just web"):
        Frontend(tmp_path)


async def test_password_managers_find_where_a_password_is_changed(export: Path) -> None:
    asked = "/.well-known/change-password"
    scope = asking(asked, accept="*/*")
    assert not Frontend(export).serves(scope)  # without such a page

    (export / "account").mkdir()
    (export / "account" / "index.html").write_text(PAGE.format("Account"))
    frontend = Frontend(export)
    transport = httpx.ASGITransport(frontend)  # type: ignore[arg-type]  # httpx types scopes loosely
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
        answer = await http.get(asked)

    assert frontend.serves(scope)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/#change-password")
    unreal = "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200"
    assert not frontend.serves(asking(unreal, accept="text/html"))
