"""Both signing keys change while two processes run on different lists; nobody notices."""

import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import httpx
import pytest

from harness.service import Installation, Service
from latchkey.testing.flow.authenticator import challenged, enrolled, signed_in
from latchkey.testing.flow.deployments import Account
from latchkey.testing.flow.elsewhere import ElsewhereDeployment
from latchkey.testing.flow.expectations import assert_problem
from latchkey.testing.flow.fixtures import new_email
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import NewUser, SignedIn, Visitor
from production.deployment import ADMIN, PROXY, visitor_of

pytestmark = pytest.mark.anyio

STAGES = {"before": (0,), "accepting": (0, 1), "signing": (1, 0), "after": (1,)}
"""The keys of the list at each stage of a rotation from the first key to the second."""


@dataclass(frozen=True, slots=True)
class Drill:
    """A process at each stage, all on one database.

    Attributes:
        settings: What each of them has of its own.
    """

    services: dict[str, Service]
    settings: dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def drill(production: Installation) -> Iterator[Drill]:
    access, refresh, factor = ([secrets.token_hex(32) for _ in range(2)] for _ in range(3))
    with ExitStack() as stack:
        services, settings = {}, {}
        for stage, keys in STAGES.items():
            settings[stage] = {
                "JWT_SECRET": ",".join(access[key] for key in keys),
                "REFRESH_SECRET": ",".join(refresh[key] for key in keys),
                "FACTOR_SECRET": ",".join(factor[key] for key in keys),
            }
            common = {"TRUSTED_PROXIES": "127.0.0.1", "WORKERS": "1"}
            services[stage] = production.start(**common, **settings[stage])
            stack.callback(services[stage].end)
        for service in services.values():
            service.wait_until_ready()
        yield Drill(services, settings)


@pytest.fixture
async def at(drill: Drill) -> AsyncIterator[dict[str, Visitor]]:
    """Somebody who speaks to the process of each stage."""
    clients = {stage: service.client(PROXY) for stage, service in drill.services.items()}
    yield {stage: visitor_of(client) for stage, client in clients.items()}
    for client in clients.values():
        await client.aclose()


@pytest.mark.requirement("AT-18")
@pytest.mark.parametrize(
    ("one", "other"), [("before", "accepting"), ("accepting", "signing"), ("signing", "after")]
)
async def test_two_processes_a_step_apart_serve_each_others_sessions(
    at: dict[str, Visitor], one: str, other: str
) -> None:
    for first, second in ((one, other), (other, one)):
        signed_in = await at[first].sign_in(ADMIN)

        answers = await _use(at[second], signed_in)

        assert [answer.status_code for answer in answers] == [200, 200, 200]


@pytest.mark.requirement("AT-18")
async def test_a_session_outlives_the_whole_rotation(at: dict[str, Visitor]) -> None:
    signed_in = await at["before"].sign_in(ADMIN)
    token = signed_in.refresh

    for stage in ("accepting", "before", "signing", "accepting", "signing"):
        answer = await at[stage].refresh(token)
        assert answer.status_code == 200, (stage, answer.text)
        token = SetCookie.of(answer).value
    answer = await at["after"].refresh(token)

    assert (await at["after"].me(answer.json()["accessToken"])).status_code == 200


@pytest.mark.requirement("RS-17")
async def test_dropping_a_key_ends_its_tokens_and_no_others(at: dict[str, Visitor]) -> None:
    of_the_old = await at["accepting"].sign_in(ADMIN)
    of_the_new = await at["signing"].sign_in(ADMIN)

    refused = [
        await at["after"].orders(of_the_old.access),
        await at["after"].refresh(of_the_old.refresh),
    ]
    served = await _use(at["after"], of_the_new)

    assert_problem(refused[0], 401, "access_token_invalid")
    assert_problem(refused[1], 401, "refresh_token_invalid")
    assert "set-cookie" not in refused[1].headers
    assert [answer.status_code for answer in served] == [200, 200, 200]


@pytest.mark.requirement("RS-17")
async def test_a_link_in_a_mailbox_outlives_the_rotation_until_its_key_is_dropped(
    at: dict[str, Visitor], drill: Drill, production: Installation
) -> None:
    settings = {"PUBLIC_URL": "https://auth.latchkey.example", **drill.settings["before"]}
    printed = production.run("reset-link", ADMIN.email, **settings)
    token = printed.stdout.partition("?t=")[2].strip()
    assert token, printed.stderr

    read = {stage: await visitor.read_link(token) for stage, visitor in at.items()}

    assert_problem(read.pop("after"), 400, "link_invalid")
    assert {stage: answer.status_code for stage, answer in read.items()} == dict.fromkeys(read, 200)


@pytest.mark.requirement("MF-5", "RS-17")
async def test_second_factors_outlive_the_rotation_until_their_key_is_dropped(
    at: dict[str, Visitor], drill: Drill
) -> None:
    deployment = ElsewhereDeployment(drill.services["before"].url)
    admin = await at["before"].sign_in(ADMIN)
    old, new = Account(email=new_email()), Account(email=new_email())
    for account in (old, new):
        made = await at["before"].create_user(admin.access, NewUser.of(account).body)
        assert made.status_code == 201, made.text
    of_the_old = await enrolled(at["before"], old, deployment)
    of_the_new = await enrolled(at["signing"], new, deployment)

    await signed_in(at["accepting"], of_the_old, deployment)
    challenge = await challenged(at["signing"], old)
    by_code = await at["signing"].second_factor(challenge, of_the_old.codes[0], "recovery_code")
    dropped = await challenged(at["after"], old)
    app = await of_the_old.app.code(deployment)
    refused = [
        await at["after"].second_factor(dropped, app),
        await at["after"].second_factor(dropped, of_the_old.codes[1], "recovery_code"),
    ]

    assert by_code.status_code == 200, by_code.text
    for answer in refused:
        assert_problem(answer, 401, "second_factor_invalid")
    await signed_in(at["after"], of_the_new, deployment)


async def _use(visitor: Visitor, signed_in: SignedIn) -> list[httpx.Response]:
    return [
        await visitor.orders(signed_in.access),
        await visitor.me(signed_in.access),
        await visitor.refresh(signed_in.refresh),
    ]
