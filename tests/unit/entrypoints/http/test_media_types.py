"""Bodies whose media type is nearly right."""

import gzip
import json

import httpx
import pytest

from latchkey.adapters.memory import MemoryStorage
from latchkey.entrypoints.http.app import create_app
from latchkey.entrypoints.settings import from_env
from latchkey.testing.frozen_clock import FrozenClock
from latchkey.testing.transport import asgi_transport
from unit.entrypoints.http.asgi import ENVIRON

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("quiet")]

WRONG = json.dumps({"email": "ada@example.com", "password": "no such user"}).encode()


async def login(clock: FrozenClock, body: bytes, headers: dict[str, str]) -> httpx.Response:
    app = create_app(from_env(ENVIRON), MemoryStorage(clock))
    async with httpx.AsyncClient(transport=asgi_transport(app), base_url="http://any") as http:
        return await http.post("/api/auth/login", content=body, headers=headers)


@pytest.mark.parametrize(
    "media_type", ["application/json; charset=utf8", 'application/json;charset="UTF8";']
)
async def test_the_usual_misspelling_of_utf_8_is_json(clock: FrozenClock, media_type: str) -> None:
    answer = await login(clock, WRONG, {"Content-Type": media_type})

    assert answer.json()["code"] == "invalid_credentials"


async def test_a_compressed_body_is_told_what_is_wrong(clock: FrozenClock) -> None:
    packed = {"Content-Type": "application/json", "Content-Encoding": "gzip"}

    answer = await login(clock, gzip.compress(WRONG), packed)

    assert answer.status_code == 415
    assert "compressed" in answer.json()["detail"]
