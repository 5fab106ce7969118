"""Sessions that have ended, for services that verify access tokens themselves."""

from datetime import timedelta

import httpx
import pytest

from latchkey.adapters.keys.key_set import ALWAYS
from latchkey.testing.flow.deployments import Deployment, Storage
from latchkey.testing.flow.ended_sessions import ENDED, ended_sessions
from latchkey.testing.flow.expectations import (
    assert_problem,
    assert_retry_later,
    assert_status,
    json_object,
)
from latchkey.testing.flow.fixtures import Deploy
from latchkey.testing.flow.issuers import key_file, new_key
from latchkey.testing.flow.jwt_anatomy import Anatomy
from latchkey.testing.flow.published_keys import key_of, published_keys
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("AT-24")]

AGE = timedelta(seconds=5)
TTL = timedelta(minutes=15)
MINUTE = timedelta(minutes=1)


async def _log_out(visitor: Visitor, holder: SignedIn) -> httpx.Response:
    return await visitor.logout(holder.refresh)


async def _end_one(visitor: Visitor, holder: SignedIn) -> httpx.Response:
    return await visitor.end_sessions(holder.access, {"sessions": [_sid(holder)]})


async def _replace(visitor: Visitor, holder: SignedIn) -> SignedIn:
    return await visitor.sign_in(holder.account, cookie=holder.refresh)


async def _reuse(visitor: Visitor, holder: SignedIn) -> httpx.Response:
    token = holder.refresh
    for _ in range(3):
        token = await visitor.successor(token)
    return await visitor.refresh(holder.refresh)


def _sid(holder: SignedIn) -> object:
    return Anatomy.of(holder.access).claims["sid"]


@pytest.mark.promise("V5", "F16")
async def test_a_session_is_listed_5_seconds_after_its_end_and_no_other_is(
    issuer: Deployment, verifier: Visitor, holder: SignedIn
) -> None:
    assert issuer.admin is not None
    holders = [holder, *[await verifier.sign_in(issuer.admin) for _ in range(4)]]
    sids = [_sid(each) for each in holders]
    before = await ended_sessions(verifier.http)

    for end, each in zip((_log_out, _replace, _reuse, _end_one), holders, strict=False):
        await end(verifier, each)
    await verifier.successor(holders[-1].refresh)
    await issuer.outlast(AGE)
    after = await ended_sessions(verifier.http)

    assert [sid for sid in sids if sid in before["sids"]] == []
    assert [after["sids"].count(sid) for sid in sids] == [1, 1, 1, 1, 0]


@pytest.mark.promise("V5", "F16")
async def test_the_list_is_a_jwt_with_exactly_the_documented_members(
    issuer: Deployment, verifier: Visitor, holder: SignedIn
) -> None:
    answer = await verifier.http.get(ENDED)

    body = json_object(answer)
    listed = Anatomy.of(body["endedSessions"])
    key = key_of(body["endedSessions"], await published_keys(verifier.http))
    token = Anatomy.of(holder.access)
    assert set(body) == {"endedSessions"}
    assert listed.header_members == {"alg": key.alg, "kid": key.kid, "typ": "ended+jwt"}
    assert listed.header_members["kid"] == token.header_members["kid"]
    assert set(listed.claims) == {"iss", "iat", "exp", "sids"}
    assert listed.claims["iss"] == token.claims["iss"]
    assert listed.claims["exp"] - listed.claims["iat"] == MINUTE.total_seconds()
    assert issuer.now().timestamp() - listed.claims["iat"] < AGE.total_seconds() + 1


@pytest.mark.promise("V5")
async def test_a_session_is_listed_until_its_last_token_has_expired(deploy: Deploy) -> None:
    deployment = await deploy(JWT_KEYS=key_file((new_key(), ALWAYS)))
    assert deployment.admin is not None
    async with deployment.client() as http:
        visitor = Visitor(http=http)
        holder = await visitor.sign_in(deployment.admin)
        await visitor.logout(holder.refresh)

        listed = []
        for period in (AGE, TTL, MINUTE - 2 * AGE, AGE):
            await deployment.outlast(period)
            listed.append(_sid(holder) in (await ended_sessions(http))["sids"])

    assert listed == [True, True, True, False]


@pytest.mark.promise("V5", "F16")
async def test_a_list_that_is_known_is_not_sent_again(verifier: Visitor) -> None:
    answer = await verifier.http.get(ENDED)
    known = {"If-None-Match": answer.headers["etag"]}
    answers = [await verifier.http.get(ENDED, headers=known) for _ in range(4)]

    assert_status(answer, 200)
    for each in answers:  # another worker has a list of its own, and so has a later second
        is_known = each.headers["etag"] == answer.headers["etag"]
        assert_status(each, 304 if is_known else 200)
    for each in (answer, *answers):
        assert each.headers["cache-control"] == "no-cache"


@pytest.mark.promise("V5", "A2")
async def test_a_list_is_no_access_token(verifier: Visitor) -> None:
    signed = json_object(await verifier.http.get(ENDED))["endedSessions"]

    for answer in (await verifier.me(signed), await verifier.orders(signed)):
        assert_problem(answer, 401, "access_token_invalid")


@pytest.mark.promise("K12", "V5")
async def test_during_an_outage_no_old_list_is_returned_and_none_is_missed(
    issuer: Deployment, verifier: Visitor, holder: SignedIn, issuer_storage: Storage
) -> None:
    await ended_sessions(verifier.http)
    await verifier.logout(holder.refresh)
    await issuer.outlast(AGE)
    await issuer_storage.cut()
    try:
        refused = await verifier.http.get(ENDED)
    finally:
        await issuer_storage.mend()
    listed = await ended_sessions(verifier.http)

    assert_retry_later(refused, 503, "storage_unavailable")
    assert _sid(holder) in listed["sids"]


@pytest.mark.promise("F16")
async def test_without_private_keys_no_list_is_published(deploy: Deploy) -> None:
    deployment = await deploy(has_admin=False)
    async with deployment.client() as http:
        answer = await http.get(ENDED)

    assert_problem(answer, 404, "not_found")
