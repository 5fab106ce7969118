"""A login with a second factor is two requests, and counts as two."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import pytest

from harness.metrics import Shown, by_label
from latchkey.adapters.memory import MemoryStorage
from latchkey.domain.factors.totp import step_at, totp
from latchkey.entrypoints.http.app import create_app
from latchkey.entrypoints.observability.metrics.meter import Meter
from latchkey.entrypoints.settings import from_env
from latchkey.testing.frozen_clock import FrozenClock
from unit.entrypoints.http.asgi import ENVIRON, Client

pytestmark = pytest.mark.anyio

ADA: Final = {"email": "ada@example.com", "password": "violet kettle 41"}
NEEDED: Final = {"FACTOR_SECRET": "f4Rq9ZtB1yXw7LmVn2PjKc6HsD8GuEa5"}


class Browser:
    """Sends JSON, with the access token that it has got last."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._access = ""

    async def post(self, path: str, **body: str) -> dict[str, Any]:
        headers = [(b"authorization", f"Bearer {self._access}".encode())] if self._access else []
        _, _, content = await self._client("POST", path, headers, json.dumps(body).encode())
        answer: dict[str, Any] = json.loads(content)
        self._access = answer.get("accessToken", self._access)
        return answer


async def with_app(browser: Browser, clock: FrozenClock) -> Callable[[], str]:
    """Sign in and add an app; return what shows its code."""
    await browser.post("/api/auth/bootstrap", **ADA, name="Ada")
    await browser.post("/api/auth/login", **ADA)
    begun = await browser.post("/api/auth/factors/totp")
    shared = base64.b32decode(begun["secret"])

    def code() -> str:
        return totp(shared, step_at(clock.now()))

    await browser.post("/api/auth/factors/totp/confirm", id=begun["id"], code=code())
    return code


async def test_each_request_of_a_login_counts_by_its_own_outcome(
    clock: FrozenClock, meter: Meter, shown: Callable[[], Shown]
) -> None:
    settings = from_env({**ENVIRON, **NEEDED})
    browser = Browser(Client(create_app(settings, MemoryStorage(clock), meter)))
    code = await with_app(browser, clock)
    clock.move(timedelta(seconds=30))
    before = by_label(shown(), "latchkey_logins_total")

    challenge = (await browser.post("/api/auth/login", **ADA))["challenge"]
    for answered, typed in (("A" * 84, code()), (challenge, "no code"), (challenge, code())):
        await browser.post(
            "/api/auth/login/second-factor", challenge=answered, factor="totp", code=typed
        )
    clock.move(timedelta(minutes=5))
    await browser.post(
        "/api/auth/login/second-factor", challenge=challenge, factor="totp", code=code()
    )

    after = by_label(shown(), "latchkey_logins_total")
    assert before == {"succeeded": 1}
    assert after == {
        "succeeded": 2,
        "challenged": 1,
        "second_factor_failed": 1,
        "challenge_forged": 1,
        "challenge_ended": 1,
    }
