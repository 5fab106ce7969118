"""Requests and responses as text: what a reader needs, without a secret."""

import httpx
import pytest

from latchkey.testing.flow.deployments import GOOD_PASSWORD
from latchkey.testing.prove.exchange import received, sent, shorten

TOKEN = "AQ" + "x7" * 49
JWT = "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxIn0" * 4 + ".c2lnbmF0dXJl"


def test_a_request_is_shown_with_its_own_headers_and_body() -> None:
    request = httpx.Request("POST", "http://a.example/api/x?y=1", json={"a": 1})
    request.headers["Origin"] = "https://evil.example"

    assert sent(request) == [
        "POST /api/x?y=1",
        "Content-Type: application/json",
        "Origin: https://evil.example",
        '{"a":1}',
    ]


@pytest.mark.parametrize(
    "secret", [TOKEN, JWT, GOOD_PASSWORD, f"{TOKEN}="], ids=["token", "JWT", "password", "padded"]
)
def test_no_secret_is_shown_in_full(secret: str) -> None:
    request = httpx.Request("POST", "http://a.example/", json={"password": "hunter2-and-more"})
    request.headers["Cookie"] = f"refresh_token={secret}"
    request.headers["Authorization"] = f"Bearer {secret}"
    body = {"accessToken": secret, "echo": "hunter2-and-more"}
    response = httpx.Response(
        200, request=request, json=body, headers={"Set-Cookie": f"refresh_token={secret}; Path=/"}
    )

    text = "\n".join([*sent(request), *received(response)])

    assert secret not in text
    assert "hunter2" not in text
    assert f"Cookie: refresh_token={secret[:2]}" in text


def test_identifiers_and_addresses_stay_readable() -> None:
    text = "u1@latchkey.example 01890a5d-ac96-774b-bcce-b302099a8057 /api/auth/refresh"

    assert shorten(text) == text


def test_a_long_body_is_cut_and_its_length_given() -> None:
    lines = sent(httpx.Request("POST", "http://a.example/", content=b"[ " * 10_000))

    assert lines[-1].endswith("… (20000 bytes)")
    assert len(lines[-1]) < 450
