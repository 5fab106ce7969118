"""Texts, heads and cookies made to do harm, to every path: each gets a documented response."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.flow.in_process import ENVIRON
from fuzz.effort import Effort
from latchkey.adapters.memory import MemoryStorage
from latchkey.entrypoints.http.app import create_app
from latchkey.entrypoints.http.problems.table import PROBLEMS
from latchkey.entrypoints.settings import from_env
from latchkey.testing.frozen_clock import FrozenClock
from unit.entrypoints.http.asgi import Answer, Client, Headers

COOKIE: Final = b"refresh_token="
CODES: Final = {(problem.status, error.code) for error, problem in PROBLEMS.items()}
PATHS: Final = (
    *("/api/auth/login", "/api/auth/refresh", "/api/auth/logout", "/api/auth/bootstrap"),
    *("/api/auth/me", "/api/orders", "/api/admin/users", "/health/live", "/problems/not_found"),
    *("/openapi.json", "/docs", "/api/nowhere", "//api/auth/login", "/api/auth/login/", "/"),
)
NAMES: Final = (
    *(b"authorization", b"content-type", b"content-length", b"transfer-encoding", b"origin"),
    *(b"sec-fetch-site", b"host", b"x-request-id", b"x-forwarded-for", b"x-forwarded-proto"),
    *(b"content-encoding", b"accept", b"cookie", b"x-http-method-override", b"x"),
)
MARKS: Final = "\u0345\u0334\u0301\u0323\u0300"
ODD: Final = '\0\n\x85\u00a0\u200b\u202e\u2066\ufeff\ufdfa\U0001f600\u00df\u0130\ufb01@.%"\\;= '

_times: Final = st.sampled_from([1, 40, 900])


def repeated(unit: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(lambda text, times: text * times, unit, _times)


texts: Final = st.one_of(
    st.text(max_size=40),
    st.text(alphabet=ODD, max_size=40),
    repeated(st.text(MARKS, min_size=1, max_size=9)),
    repeated(st.sampled_from(["a", "A@", "\u00fc.", "9"])),
    st.builds("{}@{}.example".format, st.text(ODD + MARKS, max_size=9), st.text(ODD, max_size=9)),
)
bodies: Final = st.one_of(
    st.dictionaries(st.sampled_from(["email", "password", "name", "role"]), texts).map(
        lambda members: json.dumps(members, ensure_ascii=False).encode("utf-8", "surrogatepass")
    ),
    st.binary(max_size=60),
    texts.map(lambda text: text.encode("utf-8", "surrogatepass")),
)
_bytes: Final = st.one_of(
    st.binary(max_size=40),
    st.sampled_from([b";" * 9_000, b" " * 9_000, b"\xa0", b"chunked", b"gzip, chunked"]),
    st.sampled_from([b"application/json", b"null", b"cross-site", b"-1", b"1" * 30, b"a" * 13_000]),
    texts.map(lambda text: text.encode("utf-8", "surrogatepass")[:9_000]),
)
values: Final = _bytes.map(lambda value: value.translate(None, b"\0\r\n"))  # as the server does
cookies: Final = st.lists(values.map(lambda value: (b"cookie", COOKIE + value)), max_size=2)
separators: Final = st.sampled_from([b"; ", b";", b"\xa0;", b",", b";;;;"])
pairs: Final = st.tuples(values, separators, values).map(
    lambda pair: [(b"cookie", COOKIE + pair[0] + pair[1] + COOKIE + pair[2])]
)
paths: Final = st.sampled_from(PATHS)
headers: Final = st.builds(
    lambda others, cookies: others + cookies,
    st.lists(st.tuples(st.sampled_from(NAMES), values), max_size=6),
    st.one_of(cookies, pairs),
)


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def client() -> Client:
    return Client(create_app(from_env(ENVIRON), MemoryStorage(FrozenClock())))


def check(answer: Answer, *, is_head: bool) -> None:
    status, sent, body = answer
    assert sent[b"x-request-id"]
    assert sent[b"x-content-type-options"] == b"nosniff"
    assert not (is_head and body)
    if status >= 400 and not is_head:
        problem = json.loads(body)
        assert (status, problem["code"]) in CODES
        assert status < 500 or problem["code"] == "password_hasher_busy"
        assert b"set-cookie" not in sent


@pytest.mark.requirement("LG-10", "HT-9")
def test_every_response_is_a_documented_one(
    loop: asyncio.Runner, client: Client, effort: Effort
) -> None:
    @effort.of_requests
    @given(
        method=st.sampled_from(["GET", "POST", "HEAD", "OPTIONS", "PUT", "TRACE"]),
        path=st.one_of(paths, st.builds("{}/{}".format, paths, texts)),
        query=values,
        sent=headers,
        body=bodies,
        is_json=st.booleans(),
    )
    def try_one(
        method: str, path: str, query: bytes, sent: Headers, body: bytes, *, is_json: bool
    ) -> None:
        described = [(b"content-type", b"application/json")] if is_json else []
        request: Any = client(method, path, described + sent, body, query)
        check(loop.run(request), is_head=method == "HEAD")

    try_one()
