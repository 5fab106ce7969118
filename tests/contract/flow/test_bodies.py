"""Bodies: what is read, and what is refused before it is parsed."""

import gzip
from collections.abc import AsyncIterator

import pytest

from contract.flow.deployments import Account
from contract.flow.expectations import assert_problem
from contract.flow.visitor import SignedIn, Visitor

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
    "a byte order mark": b'\xef\xbb\xbf{"email":"a@b.example","password":"x"}',
    "a member twice": b'{"email":"a@b.example","password":"x","password":"y"}',
    "a member twice, once escaped": b'{"email":"a@b.example","\\u0065mail":"x","password":"y"}',
    "a lone surrogate": b'{"email":"a\\ud800@b.example","password":"x"}',
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


@pytest.mark.step("K7")
@pytest.mark.requirement("HT-2", "HT-3")
@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
async def test_what_is_not_one_json_object_in_utf_8_is_a_bad_request(
    visitor: Visitor, body: bytes
) -> None:
    answer = await visitor.http.post(LOGIN, content=body, headers=JSON)

    assert assert_problem(answer, 400, "invalid_request")["errors"]


@pytest.mark.step("K5", "P1")
@pytest.mark.requirement("CK-7")
@pytest.mark.parametrize("content_type", FOREIGN_TYPES)
async def test_a_body_of_another_type_is_refused_before_it_is_parsed(
    visitor: Visitor, user: Account, content_type: str | None
) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}

    for body in (_padded(user, 100), b"{", b"") if content_type else (_padded(user, 100), b"{"):
        answer = await visitor.http.post(LOGIN, content=body, headers=headers)

        assert_problem(answer, 415, "unsupported_media_type")


@pytest.mark.step("K5")
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
    visitor: Visitor, user: Account, content_type: str
) -> None:
    answer = await visitor.http.post(
        LOGIN, content=_padded(user, 100), headers={"Content-Type": content_type}
    )

    assert answer.status_code == 200


@pytest.mark.step("K5")
async def test_where_no_body_is_expected_one_does_no_harm(
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

    assert [answer.status_code for answer in answers] == [200] * 7


@pytest.mark.step("K5", "K7")
async def test_an_expected_body_that_is_missing_is_a_bad_request_without_inside_names(
    visitor: Visitor,
) -> None:
    for headers in ({}, JSON):
        answer = await visitor.http.post(LOGIN, content=b"", headers=headers)

        [error] = assert_problem(answer, 400, "invalid_request")["errors"]
        assert error["field"] == ""
        assert "data" not in error["message"]


@pytest.mark.step("K5")
async def test_a_compressed_body_is_of_another_type(visitor: Visitor, user: Account) -> None:
    packed = gzip.compress(_padded(user, 100))

    answer = await visitor.http.post(
        LOGIN, content=packed, headers=JSON | {"Content-Encoding": "gzip"}
    )

    assert_problem(answer, 415, "unsupported_media_type")


@pytest.mark.step("K15")
async def test_a_forged_refresh_token_is_refused_whatever_the_body_is(visitor: Visitor) -> None:
    cookie = visitor.cookie("A" * 100)
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    for headers, body in ((form, b"a=b"), (JSON, b'{"a":1,"a":2}')):
        answer = await visitor.http.post(
            "/api/auth/refresh", headers=cookie | headers, content=body
        )

        assert_problem(answer, 401, "refresh_token_invalid")


@pytest.mark.step("K6")
async def test_sixteen_kibibytes_are_read(visitor: Visitor, user: Account) -> None:
    body = _padded(user, LIMIT)

    announced = await visitor.http.post(LOGIN, content=body, headers=JSON)
    chunked = await visitor.http.post(LOGIN, content=_chunks(body), headers=JSON)

    assert (announced.status_code, chunked.status_code) == (200, 200)


@pytest.mark.step("K6", "P1")
@pytest.mark.requirement("HT-1")
async def test_one_byte_more_is_too_much_however_it_is_sent(
    visitor: Visitor, user: Account
) -> None:
    body = _padded(user, LIMIT + 1)

    announced = await visitor.http.post(LOGIN, content=body, headers=JSON)
    chunked = await visitor.http.post(LOGIN, content=_chunks(body), headers=JSON)

    assert_problem(announced, 413, "content_too_large")
    assert_problem(chunked, 413, "content_too_large")


@pytest.mark.step("K6")
@pytest.mark.requirement("HT-1")
async def test_too_much_is_refused_before_it_is_parsed(visitor: Visitor) -> None:
    answer = await visitor.http.post(LOGIN, content=b"[" * 60_000, headers=JSON)

    assert_problem(answer, 413, "content_too_large")
