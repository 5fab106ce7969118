"""A deployment moves from a secret to private keys, rotates them, and loses one."""

import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from harness.service import Installation, Service
from latchkey.adapters.keys.key_file import ScheduledKey, write
from latchkey.adapters.keys.key_set import ALWAYS
from latchkey.adapters.keys.p256_key import P256Key
from latchkey.testing.flow.expectations import assert_problem, assert_status
from latchkey.testing.flow.jwt_anatomy import Anatomy
from latchkey.testing.flow.published_keys import JWKS, key_of, published_keys
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import Visitor
from production.deployment import ADMIN, HOST, PROXY, visitor_of

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("AT-17", "AT-18")]

FIRST, SECOND = (P256Key.generate() for _ in range(2))
ISSUER: Final = f"https://{HOST}"


def _file(home: Path, *starts: tuple[P256Key, datetime]) -> str:
    text = write([ScheduledKey(key=key, signs_from=start) for key, start in starts])
    path = home / f"{secrets.token_hex(4)}.json"
    path.write_text(text)
    return str(path)


@pytest.fixture(scope="module")
def services(
    production: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Service]]:
    """Start a process for each state of the deployment, all on one database."""
    home = tmp_path_factory.mktemp("keys")
    later = datetime.now(UTC) + timedelta(days=1)
    before = {"JWT_SECRET": secrets.token_hex(32)}
    secret = {**before, "JWT_ISSUER": ISSUER, "JWT_FORMER_ISSUER": "latchkey"}
    states = {
        "secret": before,
        "keys": {**secret, "JWT_KEYS_FILE": _file(home, (FIRST, ALWAYS))},
        "rotating": {**secret, "JWT_KEYS_FILE": _file(home, (FIRST, ALWAYS), (SECOND, later))},
        "again": {**secret, "JWT_KEYS_FILE": _file(home, (FIRST, ALWAYS), (SECOND, later))},
        "retired": {**secret, "JWT_KEYS_FILE": _file(home, (SECOND, later))},
    }
    with ExitStack() as stack:
        started = {}
        for state, environ in states.items():
            started[state] = production.start(TRUSTED_PROXIES="127.0.0.1", WORKERS="1", **environ)
            stack.callback(started[state].end)
        for service in started.values():
            service.wait_until_ready()
        yield started


@pytest.fixture
async def at(services: dict[str, Service]) -> AsyncIterator[dict[str, Visitor]]:
    """Somebody who speaks to each process."""
    clients = {state: service.client(PROXY) for state, service in services.items()}
    yield {state: visitor_of(client) for state, client in clients.items()}
    for client in clients.values():
        await client.aclose()


async def test_a_session_goes_on_when_private_keys_take_over(at: dict[str, Visitor]) -> None:
    signed_in = await at["secret"].sign_in(ADMIN)

    accepted = await at["keys"].me(signed_in.access)
    refreshed = await at["keys"].refresh(signed_in.refresh)
    back = await at["secret"].refresh(SetCookie.of(refreshed).value)

    assert_status(accepted, 200)
    assert_status(back, 200)
    header = Anatomy.of(refreshed.json()["accessToken"]).header_members
    assert (header["alg"], header["kid"]) == ("ES256", FIRST.verifying.kid)


async def test_two_replicas_with_the_same_keys_publish_the_same_bytes(
    at: dict[str, Visitor],
) -> None:
    one, other = [await at[state].http.get(JWKS) for state in ("rotating", "again")]

    assert_status(one, 200)
    assert (one.content, one.headers["etag"]) == (other.content, other.headers["etag"])


async def test_the_next_key_is_published_before_it_signs(at: dict[str, Visitor]) -> None:
    token = (await at["rotating"].sign_in(ADMIN)).access

    keys = await published_keys(at["rotating"].http)

    assert [key.kid for key in keys] == [FIRST.verifying.kid, SECOND.verifying.kid]
    assert key_of(token, keys).kid == FIRST.verifying.kid


async def test_tokens_of_a_retired_key_are_refused_at_once_and_its_sessions_go_on(
    at: dict[str, Visitor],
) -> None:
    signed_in = await at["keys"].sign_in(ADMIN)
    assert_status(await at["keys"].orders(signed_in.access), 200)  # it is remembered there

    refused = await at["retired"].orders(signed_in.access)
    refreshed = await at["retired"].refresh(signed_in.refresh)

    assert_problem(refused, 401, "access_token_invalid")
    assert_status(refreshed, 200)
    assert Anatomy.of(refreshed.json()["accessToken"]).header_members["kid"] == SECOND.verifying.kid
    assert [key.kid for key in await published_keys(at["retired"].http)] == [SECOND.verifying.kid]


async def test_the_metadata_name_the_public_address(at: dict[str, Visitor]) -> None:
    answer = await at["keys"].http.get("/.well-known/oauth-authorization-server")

    assert answer.json()["issuer"] == ISSUER
    assert answer.json()["jwks_uri"] == f"{ISSUER}{JWKS}"


async def test_a_list_over_plain_http_is_refused_in_production(
    services: dict[str, Service],
) -> None:
    async with services["keys"].client({"Host": HOST}) as http:
        answer = await http.get(JWKS)

    assert_problem(answer, 403, "https_required")
