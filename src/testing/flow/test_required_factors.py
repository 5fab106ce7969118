"""Roles that require a second factor: who has none adds one before there is a session."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from latchkey.domain.accounts.user import Role
from latchkey.testing.flow.authenticator import (
    Authenticator,
    Enrolled,
    challenged,
    enrolled,
    opened,
)
from latchkey.testing.flow.deployments import Account, Deployment
from latchkey.testing.flow.expectations import (
    assert_ended,
    assert_invalid,
    assert_problem,
    assert_retry_later,
    assert_status,
    check_no_cookie,
    member,
)
from latchkey.testing.flow.fixtures import Deploy, new_email
from latchkey.testing.flow.jwt_anatomy import Anatomy
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import Visitor

pytestmark = pytest.mark.anyio

BEGUN = {"id", "secret", "uri"}
LIMIT = 10  # the documented default, in a quarter of an hour


@pytest.fixture
async def strict(deploy: Deploy) -> Deployment:
    return await deploy(MFA_REQUIRED_ROLES="ADMIN")


@pytest.fixture
async def guest(strict: Deployment) -> AsyncIterator[Visitor]:
    async with strict.client() as http:
        yield Visitor(http=http, cookie_name=strict.cookie_name)


async def _created(strict: Deployment, role: Role) -> Account:
    if strict.operator is None:
        pytest.skip("needs an operator's access besides the API")
    account = Account(email=new_email())
    await strict.operator.create(account, role)
    return account


@pytest.fixture
async def admin(strict: Deployment) -> Account:
    """Return an administrator without a second factor, with whom a test may do anything."""
    return await _created(strict, Role.ADMIN)


async def _begun(guest: Visitor, challenge: str) -> tuple[str, Authenticator]:
    answer = await guest.begin_enrolment(challenge)
    assert_status(answer, 201)
    return member(answer, "id"), Authenticator.of(answer)


async def _added(guest: Visitor, admin: Account, strict: Deployment) -> Enrolled:
    challenge = await challenged(guest, admin)
    factor_id, app = await _begun(guest, challenge)
    answer = await guest.confirm_enrolment(challenge, factor_id, await app.code(strict))
    assert_status(answer, 200)
    codes = answer.json()["recoveryCodes"]
    return Enrolled(account=admin, app=app, codes=codes, session=opened(admin, answer))


@pytest.mark.promise("Y15", "F17", "F18")
@pytest.mark.requirement("MF-8")
async def test_who_must_have_a_second_factor_adds_one_before_there_is_a_session(
    guest: Visitor, admin: Account, strict: Deployment
) -> None:
    answer = await guest.login(admin.credentials)

    problem = assert_problem(answer, 401, "second_factor_required")
    check_no_cookie(answer, "Y15")
    assert problem["factors"] == []
    begun = await guest.begin_enrolment(problem["challenge"])
    assert_status(begun, 201)
    assert set(begun.json()) == BEGUN
    app = Authenticator.of(begun)
    added = await guest.confirm_enrolment(
        problem["challenge"], member(begun, "id"), await app.code(strict)
    )
    assert_status(added, 200)
    members = {"accessToken", "tokenType", "expiresIn", "user", "recoveryCodes"}
    assert set(added.json()) == members
    assert len(added.json()["recoveryCodes"]) == 10
    session = opened(admin, added)
    assert Anatomy.of(session.access).claims["acr"] == "aal2"
    assert SetCookie.of_device(added).value
    assert (await guest.refresh(session.refresh)).is_success
    assert_status(await guest.users(session.access), 200)


@pytest.mark.promise("Y15", "Y1")
@pytest.mark.requirement("MF-8")
async def test_such_a_challenge_is_good_for_that_alone_and_until_there_is_a_factor(
    guest: Visitor, admin: Account, strict: Deployment
) -> None:
    challenge = await challenged(guest, admin)
    factor_id, app = await _begun(guest, challenge)

    for factor in ("totp", "recovery_code"):
        early = await guest.second_factor(challenge, await app.code(strict), factor)
        assert_problem(early, 401, "challenge_invalid")
    code = await app.code(strict)
    assert_status(await guest.confirm_enrolment(challenge, factor_id, code), 200)

    assert_problem(await guest.begin_enrolment(challenge), 401, "challenge_invalid")
    again = await guest.confirm_enrolment(challenge, factor_id, await app.code(strict))
    assert_problem(again, 401, "challenge_invalid")


@pytest.mark.promise("Y15", "F20")
async def test_from_then_on_a_login_asks_for_the_factor(
    guest: Visitor, admin: Account, strict: Deployment
) -> None:
    known = await _added(guest, admin, strict)

    answer = await guest.login(admin.credentials)

    problem = assert_problem(answer, 401, "second_factor_required")
    assert problem["factors"] == ["recovery_code", "totp"]
    code = await known.app.code(strict)
    assert_status(await guest.second_factor(problem["challenge"], code), 200)


@pytest.mark.promise("Y15", "F28")
async def test_the_last_factor_cannot_be_removed_but_replaced(
    guest: Visitor, admin: Account, strict: Deployment
) -> None:
    known = await _added(guest, admin, strict)

    answer = await guest.remove_factors(known.session.access)

    assert_problem(answer, 409, "last_factor")
    begun = await guest.begin_totp(known.session.access)
    app = Authenticator.of(begun)
    replaced = await guest.confirm_totp(
        known.session.access, member(begun, "id"), await app.code(strict)
    )
    assert_status(replaced, 200)


@pytest.mark.promise("Y15", "S7")
@pytest.mark.requirement("MF-8")
async def test_a_session_of_one_factor_ends_at_the_refresh_after_the_role_was_granted(
    guest: Visitor, strict: Deployment
) -> None:
    account = await _created(strict, Role.USER)
    session = await guest.sign_in(account)
    assert strict.operator is not None

    await strict.operator.set_role(account.email, Role.ADMIN)

    assert_ended(await guest.refresh(session.refresh), "revoked")
    assert_ended(await guest.refresh(session.refresh), "revoked")
    assert await challenged(guest, account)


@pytest.mark.promise("Y15")
@pytest.mark.requirement("MF-8")
async def test_other_roles_log_in_as_before_and_cannot_add_a_factor_without_a_session(
    guest: Visitor, strict: Deployment
) -> None:
    account = await _created(strict, Role.USER)
    session = await guest.sign_in(account)
    assert (await guest.refresh(session.refresh)).is_success
    known = await enrolled(guest, account, strict)

    challenge = await challenged(guest, account)

    for presented in (challenge, "A" * 84):
        begun = await guest.begin_enrolment(presented)
        confirmed = await guest.confirm_enrolment(presented, str(uuid4()), "000000")
        assert_problem(begun, 401, "challenge_invalid")
        assert_problem(confirmed, 401, "challenge_invalid")
    removed = await guest.remove_factors(known.session.access)
    assert_status(removed, 200)


@pytest.mark.promise("Y15", "Y5")
@pytest.mark.requirement("MF-3")
async def test_codes_that_confirm_count_here_too(
    guest: Visitor, admin: Account, strict: Deployment
) -> None:
    challenge = await challenged(guest, admin)
    factor_id, app = await _begun(guest, challenge)
    wrong = await app.wrong_code(strict)

    for _ in range(LIMIT):
        assert_invalid(await guest.confirm_enrolment(challenge, factor_id, wrong), "code")

    refused = await guest.confirm_enrolment(challenge, factor_id, await app.code(strict))
    assert_retry_later(refused, 429, "too_many_attempts")


@pytest.mark.promise("Y15", "Y3")
async def test_of_many_confirmations_at_once_one_opens_a_session(
    guest: Visitor, admin: Account, strict: Deployment
) -> None:
    challenge = await challenged(guest, admin)
    factor_id, app = await _begun(guest, challenge)
    code = await app.code(strict)

    answers = await asyncio.gather(
        *(guest.confirm_enrolment(challenge, factor_id, code) for _ in range(8))
    )

    assert [answer.status_code for answer in answers].count(200) == 1
