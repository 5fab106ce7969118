"""No token of one purpose is good for another, whatever it is and wherever it is shown."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from latchkey.testing.flow.authenticator import challenged
from latchkey.testing.flow.deployments import Account, Deployment
from latchkey.testing.flow.expectations import assert_problem
from latchkey.testing.flow.fixtures import new_email
from latchkey.testing.flow.mailbox import registration_tokens, reset_token
from latchkey.testing.flow.passkey_users import PasskeyUser, asked, begun, with_passkey
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import Visitor

pytestmark = pytest.mark.anyio

Present = Callable[[str], Awaitable[httpx.Response]]


async def _tokens(visitor: Visitor, user: Account, known: PasskeyUser) -> dict[str, str]:
    """Collect a genuine token of each kind that one user can have."""
    login = await visitor.login_passkey(known.passkey.sign(await asked(visitor), known.how))
    return {
        "access": login.json()["accessToken"],
        "refresh": SetCookie.of(login).value,
        "device": SetCookie.of_device(login).value,
        "reset link": await reset_token(visitor, user.email),
        "registration link": (await registration_tokens(visitor, new_email()))[0],
        "challenge of a login": await challenged(visitor, user),
        "challenge of a passkey": (await asked(visitor))["challenge"],
        "challenge of a new passkey": (await begun(visitor, known.session))["challenge"],
    }


def _takers(visitor: Visitor, known: PasskeyUser) -> dict[str, tuple[Present, int, str]]:
    """Return where tokens are presented, and what all but its own get there."""

    async def enrolment(challenge: str) -> httpx.Response:
        body = {"challenge": challenge}
        return await visitor.http.post("/api/auth/login/enrolment", json=body)

    async def passkey(challenge: str) -> httpx.Response:
        options = await asked(visitor) | {"challenge": challenge}
        return await visitor.login_passkey(known.passkey.sign(options, known.how))

    return {
        "me": (visitor.me, 401, "access_token_invalid"),
        "refresh": (visitor.refresh, 401, "refresh_token_invalid"),
        "read a link": (visitor.read_link, 400, "link_invalid"),
        "second factor": (
            lambda token: visitor.second_factor(token, "000000"),
            401,
            "challenge_invalid",
        ),
        "enrolment": (enrolment, 401, "challenge_invalid"),
        "passkey": (passkey, 401, "challenge_invalid"),
    }


OWN = {
    ("access", "me"),
    ("refresh", "refresh"),
    ("reset link", "read a link"),
    ("registration link", "read a link"),
    ("challenge of a login", "second factor"),
    ("challenge of a passkey", "passkey"),
}


@pytest.mark.promise("Y1", "Y8", "LK2")
async def test_a_token_of_one_purpose_is_refused_at_every_other_place(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    known = await with_passkey(visitor, user, deployment)
    tokens = await _tokens(visitor, user, known)

    for place, (present, status, code) in _takers(visitor, known).items():
        for name, token in tokens.items():
            if (name, place) not in OWN:
                assert_problem(await present(token), status, code)
