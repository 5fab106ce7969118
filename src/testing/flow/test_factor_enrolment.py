"""How users add and remove second factors, and what that takes."""

import asyncio
from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4

import pytest

from latchkey.testing.flow.authenticator import (
    Authenticator,
    Enrolled,
    begun,
    challenged,
    enrolled,
    opened,
    signed_in,
)
from latchkey.testing.flow.deployments import Account, Deployment
from latchkey.testing.flow.expectations import (
    assert_challenge,
    assert_ended,
    assert_invalid,
    assert_is_id,
    assert_problem,
    assert_retry_later,
    assert_status,
    expect,
    member,
)
from latchkey.testing.flow.jwt_anatomy import Anatomy
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio

LIMIT = 10  # the documented default, in a quarter of an hour
BEGUN = {"id", "secret", "uri"}
NOTHING = {
    "items": [],
    "recoveryCodesLeft": 0,
    "acceptedPasskeys": None,
    "rememberedDevices": [],
}
SECOND = timedelta(seconds=1)


@pytest.fixture
async def known(visitor: Visitor, user: Account, deployment: Deployment) -> Enrolled:
    """Return a new user with a second factor, with which a test may do anything."""
    return await enrolled(visitor, user, deployment)


@pytest.mark.promise("F24", "F25")
@pytest.mark.requirement("MF-5")
async def test_beginning_changes_nothing_yet_and_tells_the_secret_once(
    visitor: Visitor, newcomer: SignedIn
) -> None:
    answer = await visitor.begin_totp(newcomer.access)

    assert_status(answer, 201)
    assert set(answer.json()) == BEGUN
    assert_is_id(member(answer, "id"))
    first, second = (
        Authenticator.of(answer),
        Authenticator.of(await visitor.begin_totp(newcomer.access)),
    )
    size = len(first.secret)
    assert size == 20  # bytes
    assert [first.at(step) for step in range(3)] != [second.at(step) for step in range(3)]
    assert (await visitor.factors(newcomer.access)).json() == NOTHING
    assert_status(await visitor.login(newcomer.account.credentials), 200)


@pytest.mark.promise("F25")
async def test_the_address_for_the_qr_code_says_the_same(
    visitor: Visitor, newcomer: SignedIn
) -> None:
    answer = await visitor.begin_totp(newcomer.access)

    parts = urlsplit(member(answer, "uri"))
    query = {name: value for name, [value] in parse_qs(parts.query).items()}
    issuer, _, account = unquote(parts.path.removeprefix("/")).partition(":")
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    expected = {"secret": member(answer, "secret"), "issuer": issuer}
    assert query == {**expected, "algorithm": "SHA1", "digits": "6", "period": "30"}
    assert account == newcomer.account.email
    assert issuer


@pytest.mark.promise("F29", "Y14", "Y19", "CP2")
@pytest.mark.requirement("MF-4")
async def test_a_confirmation_replaces_all_sessions_with_one_of_two_factors(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    own, other = await visitor.sign_in(user), await visitor.sign_in(user)
    factor_id, app = await begun(visitor, own)

    answer = await visitor.confirm_totp(own.access, factor_id, await app.code(deployment))

    assert_status(answer, 200)
    assert set(answer.json()) == {"accessToken", "tokenType", "expiresIn", "recoveryCodes"}
    for session in (own, other):
        assert_ended(await visitor.refresh(session.refresh), "revoked")
        assert_problem(await visitor.me(session.access), 401, "access_token_invalid")
    session = opened(user, answer)
    assert Anatomy.of(session.access).claims["acr"] == "aal2"
    assert (await visitor.refresh(session.refresh)).is_success
    listed = (await visitor.factors(session.access)).json()
    [item] = listed["items"]
    assert set(item) == {"id", "kind", "name", "createdAt", "lastUsedAt", "synced"}
    assert (item["id"], item["kind"], listed["recoveryCodesLeft"]) == (factor_id, "totp", 10)


@pytest.mark.promise("F29", "K8")
async def test_a_wrong_code_confirms_nothing(
    visitor: Visitor, newcomer: SignedIn, deployment: Deployment
) -> None:
    factor_id, app = await begun(visitor, newcomer)
    wrong = await app.wrong_code(deployment)

    answer = await visitor.confirm_totp(newcomer.access, factor_id, wrong)

    assert_invalid(answer, "code")
    assert (await visitor.factors(newcomer.access)).json() == NOTHING
    right = await visitor.confirm_totp(newcomer.access, factor_id, await app.code(deployment))
    assert_status(right, 200)


@pytest.mark.promise("F29")
async def test_only_the_app_that_was_begun_last_can_be_confirmed(
    visitor: Visitor, newcomer: SignedIn, deployment: Deployment
) -> None:
    first, app = await begun(visitor, newcomer)
    await begun(visitor, newcomer)

    for factor_id in (first, str(uuid4())):
        answer = await visitor.confirm_totp(newcomer.access, factor_id, await app.code(deployment))
        assert_problem(answer, 404, "factor_not_found")


@pytest.mark.promise("Y5", "F29")
@pytest.mark.requirement("MF-3")
async def test_codes_that_confirm_count_like_those_of_logins(
    visitor: Visitor, known: Enrolled, deployment: Deployment
) -> None:
    factor_id, app = await begun(visitor, known.session)
    wrong = await app.wrong_code(deployment)

    for _ in range(LIMIT - 1):
        answer = await visitor.confirm_totp(known.session.access, factor_id, wrong)
        assert_invalid(answer, "code")

    refused = await visitor.confirm_totp(
        known.session.access, factor_id, await app.code(deployment)
    )
    assert_retry_later(refused, 429, "too_many_attempts")
    challenge = await challenged(visitor, known.account)
    login = await visitor.second_factor(challenge, await known.app.code(deployment))
    assert_retry_later(login, 429, "too_many_attempts")


@pytest.mark.promise("F29", "Y4")
@pytest.mark.requirement("MF-4")
async def test_another_app_replaces_the_one_before_only_when_it_is_confirmed(
    visitor: Visitor, known: Enrolled, deployment: Deployment
) -> None:
    factor_id, phone = await begun(visitor, known.session)
    session = await signed_in(visitor, known, deployment)

    answer = await visitor.confirm_totp(session.access, factor_id, await phone.code(deployment))

    assert_status(answer, 200)
    assert answer.json()["recoveryCodes"] == []
    challenge = await challenged(visitor, known.account)
    old = await visitor.second_factor(challenge, await known.app.code(deployment))
    new = await visitor.second_factor(challenge, await phone.code(deployment))
    assert_problem(old, 401, "second_factor_invalid")
    assert_status(new, 200)
    listed = (await visitor.factors(opened(known.account, new).access)).json()
    assert [item["id"] for item in listed["items"]] == [factor_id]
    assert listed["recoveryCodesLeft"] == 10


@pytest.mark.promise("F29")
async def test_of_many_confirmations_at_once_one_succeeds(
    visitor: Visitor, newcomer: SignedIn, deployment: Deployment
) -> None:
    factor_id, app = await begun(visitor, newcomer)
    code = await app.code(deployment)

    answers = await asyncio.gather(
        *(visitor.confirm_totp(newcomer.access, factor_id, code) for _ in range(8))
    )

    assert [answer.status_code for answer in answers].count(200) == 1


@pytest.mark.promise("F28", "Y14", "Y19")
@pytest.mark.requirement("MF-4")
async def test_without_its_factors_an_account_needs_the_password_alone(
    visitor: Visitor, known: Enrolled, deployment: Deployment
) -> None:
    other = await signed_in(visitor, known, deployment)
    await deployment.outlast(SECOND)

    answer = await visitor.remove_factors(known.session.access)

    assert_status(answer, 200)
    assert set(answer.json()) == {"accessToken", "tokenType", "expiresIn"}
    for session in (known.session, other):
        assert_ended(await visitor.refresh(session.refresh), "revoked")
    own = opened(known.account, answer)
    assert "acr" not in Anatomy.of(own.access).claims
    assert (await visitor.factors(own.access)).json() == NOTHING
    assert_status(await visitor.login(known.account.credentials), 200)


@pytest.mark.promise("F28")
async def test_what_is_not_there_cannot_be_removed(visitor: Visitor, newcomer: SignedIn) -> None:
    await begun(visitor, newcomer)

    answer = await visitor.remove_factors(newcomer.access)

    assert_problem(answer, 404, "factor_not_found")
    assert (await visitor.refresh(newcomer.refresh)).is_success


@pytest.mark.promise("Y12", "A4")
async def test_factors_need_a_session(visitor: Visitor, newcomer: SignedIn) -> None:
    await visitor.logout(newcomer.refresh)

    for answer in (
        await visitor.factors(newcomer.access),
        await visitor.begin_totp(newcomer.access),
        await visitor.confirm_totp(newcomer.access, str(uuid4()), "000000"),
        await visitor.replace_codes(newcomer.access),
        await visitor.remove_factors(newcomer.access),
    ):
        assert_problem(answer, 401, "access_token_invalid")
        assert_challenge(answer, error="invalid_token")
        expect(answer, "no cookie", holds="set-cookie" not in answer.headers)
