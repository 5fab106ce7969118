"""Links in mails: what they say, who can use them, and how often."""

from datetime import timedelta

import pytest

from latchkey.testing.flow.deployments import GOOD_PASSWORD, Account, Deployment
from latchkey.testing.flow.expectations import (
    assert_invalid,
    assert_link_ended,
    assert_problem,
    assert_status,
)
from latchkey.testing.flow.mailbox import RESET, link_in, mails, reset_token
from latchkey.testing.flow.visitor import SignedIn, Visitor
from latchkey.testing.frozen_clock import FrozenClock

pytestmark = pytest.mark.anyio

NEW = f"{GOOD_PASSWORD}-new"
OTHER = f"{GOOD_PASSWORD}-other"
EVIL = "evil.example"
MANY = 60  # more than any sensible limit
SCANNERS = [
    "Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0) SafeLinks",
    "Barracuda Sentinel (EE)",
    "",
]


@pytest.mark.promise("LK1")
@pytest.mark.requirement("RP-3")
async def test_no_header_of_a_request_changes_the_link(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    claims = {
        "X-Forwarded-Host": EVIL,
        "X-Forwarded-Proto": "https",
        "Forwarded": f"host={EVIL}",
        "Referer": f"https://{EVIL}/",
        "X-Original-Host": EVIL,
    }
    plain = await visitor.request_reset(user.email)
    await mails(visitor, user.email, 1, RESET)  # or one mail would be for both (LK12)
    claimed = await visitor.request_reset(user.email, headers=claims)
    assert (plain.status_code, claimed.status_code) == (202, 202)

    first, second = await mails(visitor, user.email, 2, RESET)

    assert link_in(first)[0] == link_in(second)[0]
    assert EVIL not in str(second)
    assert deployment.base_url.startswith("http")


@pytest.mark.promise("LK2")
@pytest.mark.requirement("RP-2")
async def test_a_token_that_was_not_issued_is_no_link(
    visitor: Visitor, user: Account, somebody: SignedIn
) -> None:
    token = await reset_token(visitor, user.email)
    swapped = "B" if token[50] == "A" else "A"
    forged = [
        f"{token[:50]}{swapped}{token[51:]}",
        token[:-1],
        f"{token}A",
        f"{token}\n",
        token.swapcase(),
        somebody.refresh,
        somebody.access[:100],
        "",
        "\N{SNOWMAN}",
    ]

    for text in forged:
        assert_problem(await visitor.reset_password(text, NEW), 400, "link_invalid")
        assert_problem(await visitor.read_link(text), 400, "link_invalid")
    assert_status(await visitor.reset_password(token, NEW), 200)


@pytest.mark.promise("LK2", "LK9")
@pytest.mark.requirement("RP-2")
async def test_a_link_expires(visitor: Visitor, user: Account, clock: FrozenClock) -> None:
    token = await reset_token(visitor, user.email)
    clock.move(timedelta(hours=1))

    answer = await visitor.reset_password(token, NEW)

    assert_link_ended(answer, "expired")
    assert_link_ended(await visitor.read_link(token), "expired")
    assert_status(await visitor.login(user.credentials), 200)


@pytest.mark.promise("LK2")
async def test_a_link_is_no_refresh_token(visitor: Visitor, user: Account) -> None:
    token = await reset_token(visitor, user.email)

    answer = await visitor.refresh(token)

    assert_problem(answer, 401, "refresh_token_invalid")


@pytest.mark.promise("F55", "LK3")
@pytest.mark.requirement("RP-5")
async def test_a_link_is_not_used_up_by_programs_that_open_it(
    visitor: Visitor, user: Account
) -> None:
    token = await reset_token(visitor, user.email)

    for agent in SCANNERS:
        for method in ("GET", "HEAD", "OPTIONS"):
            for path in ("/link/", "/api/auth/links/read", "/api/auth/password-resets/complete"):
                headers = {"User-Agent": agent, "Accept": "text/html"}
                await visitor.http.request(method, path, params={"t": token}, headers=headers)
        read = await visitor.read_link(token)
        assert_status(read, 200)
        assert set(read.json()) == {"kind", "email", "expiresAt"}
        assert (read.json()["kind"], read.json()["email"]) == ("password_reset", user.email)

    assert_status(await visitor.reset_password(token, NEW), 200)


@pytest.mark.promise("LK3", "K8")
async def test_a_link_needs_a_password_and_nothing_else(visitor: Visitor, user: Account) -> None:
    token = await reset_token(visitor, user.email)
    path = "/api/auth/password-resets/complete"

    missing = await visitor.http.post(path, json={"token": token})
    unknown = await visitor.http.post(
        path, json={"token": token, "password": NEW, "email": user.email}
    )

    assert_invalid(missing, "password")
    assert_invalid(unknown, "email")
    assert_status(await visitor.reset_password(token, NEW), 200)
