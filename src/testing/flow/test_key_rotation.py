"""A key takes over from another by the clock, and no verifier notices."""

from datetime import datetime, timedelta
from typing import Final

import httpx
import pytest

from latchkey.adapters.keys import PrivateKey
from latchkey.adapters.keys.key_set import ALWAYS
from latchkey.testing.flow.deployments import Deployment
from latchkey.testing.flow.expectations import assert_problem, assert_status
from latchkey.testing.flow.fixtures import Deploy
from latchkey.testing.flow.issuers import key_file, new_key
from latchkey.testing.flow.jwt_anatomy import Anatomy, encode
from latchkey.testing.flow.published_keys import JWKS, CachingVerifier, published_keys
from latchkey.testing.flow.visitor import Visitor
from latchkey.testing.frozen_clock import START, FrozenClock

pytestmark = pytest.mark.anyio

HOUR: Final = timedelta(hours=1)
TTL: Final = timedelta(minutes=15)
SECOND: Final = timedelta(seconds=1)
TAKES_OVER: Final = START.replace(microsecond=0) + 2 * HOUR
AROUND: Final = (
    TAKES_OVER - 2 * HOUR,
    TAKES_OVER - SECOND,
    TAKES_OVER,
    TAKES_OVER + TTL + 4 * SECOND,
    TAKES_OVER + TTL + 5 * SECOND,
)


async def _rotating(
    deploy: Deploy,
) -> tuple[Deployment, FrozenClock, PrivateKey, PrivateKey]:
    """Deploy with a key that takes over in two hours."""
    old, new = new_key(), new_key("EdDSA")
    deployment = await deploy(JWT_KEYS=key_file((old, ALWAYS), (new, TAKES_OVER)))
    assert deployment.clock is not None
    return deployment, deployment.clock, old, new


async def _token(deployment: Deployment, http: httpx.AsyncClient) -> str:
    assert deployment.admin is not None
    return (await Visitor(http=http).sign_in(deployment.admin)).access


@pytest.mark.promise("J5", "J6", "J4")
@pytest.mark.requirement("AT-17", "AT-18")
async def test_a_key_is_published_signs_and_is_withdrawn_by_the_clock(
    deploy: Deploy,
) -> None:
    deployment, time, old, new = await _rotating(deploy)
    both, last = [old.verifying.kid, new.verifying.kid], [new.verifying.kid]
    seen, tags = [], []

    async with deployment.client() as http:
        for instant in AROUND:
            time.move(instant - time.now())
            kid = Anatomy.of(await _token(deployment, http)).header_members["kid"]
            seen.append((kid, [key.kid for key in await published_keys(http)]))
            tags.append((await http.get(JWKS)).headers["etag"])

    assert seen == [
        (both[0], both),
        (both[0], both),
        (both[1], both),
        (both[1], both),
        (both[1], last),
    ]
    assert tags[0] == tags[3] != tags[4]


@pytest.mark.promise("J5", "J6")
@pytest.mark.requirement("AT-18")
async def test_no_verifier_refuses_a_token_during_a_rotation(
    deploy: Deploy,
) -> None:
    deployment, time, _, _ = await _rotating(deploy)
    verifiers = [CachingVerifier(timedelta(minutes=minutes)) for minutes in (0, 5, 10, 20, 59)]
    refused: list[tuple[datetime, timedelta]] = []
    held: list[tuple[datetime, str]] = []

    async with deployment.client() as http:
        for _step in range(50):
            held.append((time.now(), await _token(deployment, http)))
            for issued_at, token in held:
                if time.now() - issued_at < TTL:
                    refused += [
                        (time.now(), verifier.age)
                        for verifier in verifiers
                        if await verifier.refuses(http, token, time.now())
                    ]
                    assert_status(await Visitor(http=http).orders(token), 200)
            time.move(timedelta(minutes=3, seconds=41))

    assert refused == []


@pytest.mark.promise("J6")
@pytest.mark.requirement("AT-17")
async def test_a_key_that_is_over_is_of_no_use(deploy: Deploy) -> None:
    deployment, time, old, _ = await _rotating(deploy)
    async with deployment.client() as http:
        visitor = Visitor(http=http)
        genuine = Anatomy.of(await _token(deployment, http))
        time.move(2 * HOUR + TTL + 6 * SECOND)
        now = int(time.now().timestamp())
        forged = genuine.with_claims(iat=now, exp=now + 60)
        signature = old.sign(forged.signing_input.encode())

        answer = await visitor.orders(f"{forged.signing_input}.{encode(signature)}")

    assert_problem(answer, 401, "access_token_invalid")


@pytest.mark.promise("J7")
@pytest.mark.requirement("AT-18")
async def test_tokens_signed_with_the_secret_are_accepted_beside_keys(deploy: Deploy) -> None:
    before = await deploy(JWT_ISSUER="before")
    after = await deploy(
        JWT_KEYS=key_file((new_key(), ALWAYS)),
        JWT_ISSUER="http://latchkey.example",
        JWT_FORMER_ISSUER="before",
    )
    async with before.client() as old_http, after.client() as http:
        old, new = await _token(before, old_http), await _token(after, http)
        accepted = await Visitor(http=http).orders(old)

    assert Anatomy.of(old).header_members["alg"] == "HS256"
    assert Anatomy.of(new).header_members["alg"] == "ES256"
    assert Anatomy.of(new).claims["iss"] == "http://latchkey.example"
    assert_status(accepted, 200)
