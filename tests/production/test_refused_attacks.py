"""Attacks that are refused leave a trace that can be counted, and that stays small."""

import json
from collections.abc import Awaitable, Callable
from typing import Final

import httpx
import pytest

from harness.service import Installation
from latchkey.testing.flow.deployments import Account
from latchkey.testing.flow.fixtures import new_email
from latchkey.testing.flow.visitor import NewUser, Visitor
from production.deployment import ADMIN, PROXY, visitor_of

pytestmark = pytest.mark.anyio

Attack = Callable[[], Awaitable[httpx.Response]]

TIMES: Final = 40
LONGEST: Final = 300  # bytes of a line
ATTACKER: Final = "198.51.100.67"  # RFC 5737
LOUD: Final = {"X-Forwarded-For": ATTACKER, "X-Request-ID": "x" * 64, "User-Agent": "x" * 4_000}
GUESS: Final = {"email": f"{'x' * 200}@example.com", "password": "x" * 512}
LIMITS: Final = {"TRUSTED_PROXIES": "127.0.0.1/32", "LOGIN_LIMIT_ACCOUNT": "3/15m"}


@pytest.mark.requirement("LG-12")
async def test_each_kind_of_refused_attack_can_be_counted_and_fills_no_log(
    production: Installation,
) -> None:
    with production.serving(WORKERS="1", **LIMITS) as service:
        async with service.client(PROXY | LOUD) as http:
            attacks = _attacks(visitor_of(http), await _user_token(visitor_of(http)))
            refused = {event: await _refusals(attack) for event, attack in attacks.items()}

    written: dict[str, list[str]] = {event: [] for event in refused}
    for line in service.log.read_text().splitlines():
        if (event := json.loads(line)["event"]) in written:
            written[event].append(line)
    for event, lines in written.items():
        told = [json.loads(line) for line in lines]
        assert (event, sum(each["count"] for each in told)) == (event, refused[event])
        assert {each["address"] for each in told} == {ATTACKER}
        assert len(lines) <= 2
        assert max(map(len, lines)) <= LONGEST


async def _user_token(visitor: Visitor) -> str:
    account = Account(email=new_email())
    admin = await visitor.sign_in(ADMIN)
    await visitor.create_user(admin.access, NewUser.of(account).body)
    return (await visitor.sign_in(account)).access


def _attacks(visitor: Visitor, token: str) -> dict[str, Attack]:
    http = visitor.http
    foreign = {"Origin": f"https://{'x' * 4_000}.example"}
    return {
        "attempts_throttled": lambda: visitor.login(GUESS),
        "role_refused": lambda: visitor.users(token),
        "access_token_forged": lambda: visitor.me(f"{'A' * 4_000}.{'A' * 43}.{'A' * 43}"),
        "refresh_token_forged": lambda: visitor.refresh("A" * 4_000),
        "link_forged": lambda: visitor.read_link("A" * 4_000),
        "origin_refused": lambda: visitor.logout(None, headers=foreign),
        "host_refused": lambda: http.get("/api/auth/me", headers={"Host": "x" * 4_000}),
        "head_refused": lambda: http.get(f"/problems/{'x' * 4_000}"),
    }


async def _refusals(attack: Attack) -> int:
    """Attack many times; count the refusals, without the guesses that the throttle let pass."""
    codes = [(await attack()).json()["code"] for _ in range(TIMES)]
    return TIMES - codes.count("invalid_credentials")
