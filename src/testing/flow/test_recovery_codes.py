"""Recovery codes: what signs a user in whose app is lost."""

import asyncio
import re

import pytest

from latchkey.testing.flow.authenticator import Enrolled, challenged, enrolled, opened, signed_in
from latchkey.testing.flow.deployments import Account, Deployment
from latchkey.testing.flow.expectations import (
    assert_ended,
    assert_problem,
    assert_status,
)
from latchkey.testing.flow.fixtures import MakeUser
from latchkey.testing.flow.jwt_anatomy import Anatomy
from latchkey.testing.flow.visitor import SignedIn, Visitor

pytestmark = pytest.mark.anyio

CODE = re.compile("[0-9a-hjkmnp-tv-z]{4}(?:-[0-9a-hjkmnp-tv-z]{4}){2}")
AT_ONCE = 20
RECOVERY = "recovery_code"


@pytest.fixture
async def known(visitor: Visitor, user: Account, deployment: Deployment) -> Enrolled:
    """Return a new user with a second factor, with which a test may do anything."""
    return await enrolled(visitor, user, deployment)


async def _left(visitor: Visitor, session: SignedIn) -> int:
    left: int = (await visitor.factors(session.access)).json()["recoveryCodesLeft"]
    return left


@pytest.mark.promise("Y6", "F24")
@pytest.mark.requirement("MF-5")
async def test_there_are_ten_codes_of_sixty_bits_in_letters_that_cannot_be_confused(
    visitor: Visitor, known: Enrolled
) -> None:
    assert len(set(known.codes)) == 10
    assert all(CODE.fullmatch(code) for code in known.codes)
    assert await _left(visitor, known.session) == 10
    listed = (await visitor.factors(known.session.access)).text
    assert not any(code in listed for code in known.codes)


@pytest.mark.promise("Y6", "F20")
@pytest.mark.requirement("MF-5")
async def test_a_code_signs_in_once_however_it_is_written(
    visitor: Visitor, known: Enrolled
) -> None:
    plain, other = known.codes[:2]
    challenge = await challenged(visitor, known.account)

    answer = await visitor.second_factor(challenge, plain, RECOVERY)
    again = await visitor.second_factor(challenge, plain.replace("-", ""), RECOVERY)
    spelled = await visitor.second_factor(challenge, f" {other.upper()} ", RECOVERY)

    assert_status(answer, 200)
    assert_problem(again, 401, "second_factor_invalid")
    assert_status(spelled, 200)
    session = opened(known.account, spelled)
    assert await _left(visitor, session) == 8
    assert Anatomy.of(session.access).claims["acr"] == "aal2"


@pytest.mark.promise("Y6")
@pytest.mark.requirement("MF-5")
async def test_of_many_logins_at_once_with_one_code_one_succeeds(
    visitor: Visitor, known: Enrolled
) -> None:
    challenge = await challenged(visitor, known.account)

    answers = await asyncio.gather(
        *(visitor.second_factor(challenge, known.codes[0], RECOVERY) for _ in range(AT_ONCE))
    )

    assert [answer.status_code for answer in answers].count(200) == 1


@pytest.mark.promise("Y6")
@pytest.mark.requirement("MF-5")
async def test_a_code_of_another_user_is_wrong(
    visitor: Visitor, known: Enrolled, make_user: MakeUser, deployment: Deployment
) -> None:
    other = await enrolled(visitor, await make_user(), deployment)
    challenge = await challenged(visitor, known.account)

    for code in (other.codes[0], known.codes[0][:-1], "".join(known.codes[:2])):
        answer = await visitor.second_factor(challenge, code, RECOVERY)
        assert_problem(answer, 401, "second_factor_invalid")


@pytest.mark.promise("F27", "Y6", "Y14")
@pytest.mark.requirement("MF-5", "MF-4")
async def test_new_codes_void_the_old_ones_and_replace_all_sessions(
    visitor: Visitor, known: Enrolled, deployment: Deployment
) -> None:
    other = await signed_in(visitor, known, deployment)

    answer = await visitor.replace_codes(known.session.access)

    assert_status(answer, 201)
    assert set(answer.json()) == {"accessToken", "tokenType", "expiresIn", "recoveryCodes"}
    codes, own = answer.json()["recoveryCodes"], opened(known.account, answer)
    assert len({*codes} - {*known.codes}) == 10
    for session in (known.session, other):
        assert_ended(await visitor.refresh(session.refresh), "revoked")
    before, after = (Anatomy.of(each.access).claims for each in (known.session, own))
    assert [after[each] for each in ("acr", "auth_time")] == [
        before[each] for each in ("acr", "auth_time")
    ]
    challenge = await challenged(visitor, known.account)
    old = await visitor.second_factor(challenge, known.codes[0], RECOVERY)
    new = await visitor.second_factor(challenge, codes[0], RECOVERY)
    assert_problem(old, 401, "second_factor_invalid")
    assert_status(new, 200)


@pytest.mark.promise("F27")
async def test_without_a_second_factor_there_are_no_codes(
    visitor: Visitor, newcomer: SignedIn
) -> None:
    answer = await visitor.replace_codes(newcomer.access)

    assert_problem(answer, 404, "factor_not_found")
    assert (await visitor.refresh(newcomer.refresh)).is_success
