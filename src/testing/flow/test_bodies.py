"""Request bodies: what is accepted, and what is rejected before it is parsed."""

import gzip
from collections.abc import AsyncIterator

import pytest

from latchkey.testing.flow.deployments import Account
from latchkey.testing.flow.expectations import assert_problem, assert_status, check
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio

LOGIN = "/api/auth/login"
JSON = {"Content-Type": "application/json"}
LIMIT = 16 * 1024
MALFORMED = {
    "empty": b"",
    "blank": b"  ",
    "a brace": b"{",
    "cut": b'{"email":"a@b.example","password":"x',
    "not JSON": b"email=a&password=b",
    "single quotes": b"{'email':'a@b.example','password':'x'}",
    "a comma at the end": b'{"email":"a@b.example","password":"x",}',
    "a comment": b'{"email":"a@b.example","password":"x"}//',
    "something behind": b'{"email":"a@b.example","password":"x"}{}',
    "a NUL behind": b'{"email":"a@b.example","password":"x"}\0',
    "not UTF-8": b'{"email":"a\xff@b.example","password":"x"}',
    "overlong UTF-8": b'{"email":"a\xc0\xaf@b.example","password":"x"}',
    "UTF-16": '{"email":"a@b.example","password":"x"}'.encode("utf-16"),
    "a raw line feed in a string": b'{"email":"a\n@b.example","password":"x"}',
    "NaN": b'{"email":NaN,"password":"x"}',
    "infinity": b'{"email":Infinity,"password":"x"}',
    "a huge number": b'{"email":' + b"9" * 5_000 + b',"password":"x"}',
    "a number beyond all": b'{"email":1e999999,"password":"x"}',
    "null": b"null",
    "a string": b'"x"',
    "a number": b"7",
    "a list": b'[{"email":"a@b.example","password":"x"}]',
    "deep lists": b"[" * 8_000 + b"]" * 8_000,
    "deep lists in a member": b'{"email":' + b"[" * 7_000 + b"]" * 7_000 + b',"password":"x"}',
    "deep objects": b'{"a":' * 2_500 + b"1" + b"}" * 2_500,
    "deep and cut": b"[" * 16_000,
}
STRICT = {
    "a byte order mark": b'\xef\xbb\xbf{"email":"a@b.example","password":"x"}',
    "a member twice": b'{"email":"a@b.example","password":"x","password":"y"}',
    "a member twice, once escaped": b'{"email":"a@b.example","\\u0065mail":"x","password":"y"}',
    "a lone surrogate": b'{"email":"a\\ud800@b.example","password":"x"}',
}
FOREIGN_TYPES = [
    None,
    "",
    "text/plain",
    "text/plain; application/json",
    "text/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=application/json",
    "application/jsonx",
    "application/problem+json",
    "application/json, text/plain",
    "application/json; charset=utf-16",
    "application/ json",
    "application/json; profile=x",
]


async def _chunks(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 1_000):
        yield body[start : start + 1_000]


def _padded(account: Account, size: int) -> bytes:
    body = f'{{"email":"{account.email}","password":"{account.password}"}}'.encode()
    return body + b" " * (size - len(body))


@pytest.mark.promise("K7")
@pytest.mark.requirement("HT-2", "HT-3")
@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
async def test_a_body_that_is_not_one_json_object_in_utf_8_is_a_bad_request(
    visitor: Visitor, body: bytes
) -> None:
    answer = await visitor.http.post(LOGIN, content=body, headers=JSON)

    problem = assert_problem(answer, 400, "invalid_request")
    check("P5", answer, "the member errors", holds=bool(problem.get("errors")))


@pytest.mark.promise("K19")
@pytest.mark.requirement("HT-2", "HT-3")
@pytest.mark.parametrize("body", STRICT.values(), ids=STRICT.keys())
async def test_json_that_parsers_disagree_about_is_a_bad_request(
    visitor: Visitor, body: bytes
) -> None:
    answer = await visitor.http.post(LOGIN, content=body, headers=JSON)

    assert assert_problem(answer, 400, "invalid_request")["errors"]


@pytest.mark.promise("K5")
@pytest.mark.requirement("CK-7")
@pytest.mark.parametrize("content_type", FOREIGN_TYPES)
async def test_a_body_of_another_media_type_is_rejected_before_it_is_parsed(
    visitor: Visitor, resident: Account, content_type: str | None
) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}

    for body in (
        (_padded(resident, 100), b"{", b"") if content_type else (_padded(resident, 100), b"{")
    ):
        answer = await visitor.http.post(LOGIN, content=body, headers=headers)

        assert_problem(answer, 415, "unsupported_media_type")


@pytest.mark.promise("K5")
@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON;charset=UTF-8",
        'application/json ; charset="utf-8"',
        "application/json;",
    ],
)
async def test_json_may_name_its_charset(
    visitor: Visitor, resident: Account, content_type: str
) -> None:
    answer = await visitor.http.post(
        LOGIN, content=_padded(resident, 100), headers={"Content-Type": content_type}
    )

    assert_status(answer, 200)


@pytest.mark.promise("K5")
async def test_an_operation_without_a_body_ignores_one(
    visitor: Visitor, somebody: SignedIn
) -> None:
    cookie = visitor.cookie(somebody.refresh)
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    answers = [
        await visitor.http.post("/api/auth/refresh", headers=cookie, json={}),
        await visitor.http.post("/api/auth/refresh", headers=cookie, json=None),
        await visitor.http.post("/api/auth/refresh", headers=cookie | JSON, content=b""),
        await visitor.http.post("/api/auth/refresh", headers=cookie | form, content=b""),
        await visitor.http.post("/api/auth/refresh", headers=cookie, content=_chunks(b"")),
        await visitor.http.post("/api/auth/refresh", headers=cookie | form, content=_chunks(b"")),
        await visitor.http.post("/api/auth/logout", headers=cookie, json={"all": True}),
    ]

    for answer in answers:
        assert_status(answer, 200)


@pytest.mark.promise("K5", "K7")
async def test_an_expected_body_that_is_missing_is_a_bad_request_without_inside_names(
    visitor: Visitor,
) -> None:
    for headers in ({}, JSON):
        answer = await visitor.http.post(LOGIN, content=b"", headers=headers)

        [error] = assert_problem(answer, 400, "invalid_request")["errors"]
        assert error["field"] == ""
        assert "data" not in error["message"]


@pytest.mark.promise("K5")
async def test_a_compressed_body_is_of_another_type(visitor: Visitor, resident: Account) -> None:
    packed = gzip.compress(_padded(resident, 100))

    answer = await visitor.http.post(
        LOGIN, content=packed, headers=JSON | {"Content-Encoding": "gzip"}
    )

    assert_problem(answer, 415, "unsupported_media_type")


@pytest.mark.promise("K15")
async def test_a_forged_refresh_token_is_rejected_before_the_body_is_read(visitor: Visitor) -> None:
    cookie = visitor.cookie("A" * 100)
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    for headers, body in ((form, b"a=b"), (JSON, b'{"a":1,"a":2}')):
        answer = await visitor.http.post(
            "/api/auth/refresh", headers=cookie | headers, content=body
        )

        assert_problem(answer, 401, "refresh_token_invalid")


@pytest.mark.promise("K6")
async def test_a_body_of_16_kib_is_accepted(visitor: Visitor, resident: Account) -> None:
    body = _padded(resident, LIMIT)

    announced = await visitor.http.post(LOGIN, content=body, headers=JSON)
    chunked = await visitor.http.post(LOGIN, content=_chunks(body), headers=JSON)

    assert_status(announced, 200)
    assert_status(chunked, 200)


@pytest.mark.promise("K6")
@pytest.mark.requirement("HT-1")
async def test_a_body_of_one_byte_more_is_413_with_and_without_a_content_length(
    visitor: Visitor, resident: Account
) -> None:
    body = _padded(resident, LIMIT + 1)

    announced = await visitor.http.post(LOGIN, content=body, headers=JSON)
    chunked = await visitor.http.post(LOGIN, content=_chunks(body), headers=JSON)

    assert_problem(announced, 413, "content_too_large")
    assert_problem(chunked, 413, "content_too_large")


@pytest.mark.promise("K6")
@pytest.mark.requirement("HT-1")
async def test_a_body_that_is_too_large_is_rejected_before_it_is_parsed(visitor: Visitor) -> None:
    answer = await visitor.http.post(LOGIN, content=b"[" * 60_000, headers=JSON)

    assert_problem(answer, 413, "content_too_large")
