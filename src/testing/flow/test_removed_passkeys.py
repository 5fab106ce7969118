"""Users remove passkeys, with fresh sessions and from our pages (docs/flow.md, F31)."""

from datetime import timedelta

import pytest

from latchkey.domain.accounts.user import Role
from latchkey.testing.flow.authenticator import challenged, opened
from latchkey.testing.flow.deployments import Account, Deployment, Operator
from latchkey.testing.flow.expectations import assert_problem, assert_status, check_no_cookie
from latchkey.testing.flow.fixtures import Deploy, MakeUser, new_email
from latchkey.testing.flow.mailbox import mails
from latchkey.testing.flow.passkey_users import begun, id_of_passkey, login_with, with_passkey
from latchkey.testing.flow.visitor import Visitor
from latchkey.testing.frozen_clock import FrozenClock
from latchkey.testing.soft_authenticator import SoftPasskey

pytestmark = pytest.mark.anyio

FRESH = timedelta(minutes=5)
SECOND = timedelta(seconds=1)
FOREIGN = {"Sec-Fetch-Site": "cross-site"}
UNCHECKED = {
    "id": "AA",
    "rawId": "AA",
    "type": "public-key",
    "response": {"attestationObject": "AA", "clientDataJSON": "AA"},
}


@pytest.mark.promise("F31", "Y13", "Y14")
@pytest.mark.requirement("MF-9")
async def test_a_removed_passkey_signs_nobody_in_and_the_last_takes_the_codes_with_it(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    known = await with_passkey(visitor, user, deployment)
    passkey_id = await id_of_passkey(visitor, known.session)

    answer = await visitor.remove_passkey(known.session.access, passkey_id)

    assert_status(answer, 200)
    assert_problem(await visitor.refresh(known.session.refresh), 401, "session_ended")
    assert_problem(await login_with(visitor, known), 401, "passkey_unknown")
    left = await visitor.factors(opened(user, answer).access)
    assert (left.json()["items"], left.json()["recoveryCodesLeft"]) == ([], 0)
    assert left.json()["acceptedPasskeys"] is None
    assert_status(await visitor.login(user.credentials), 200)


@pytest.mark.promise("F31")
async def test_a_passkey_can_be_removed_beside_another_factor_and_only_by_its_user(
    visitor: Visitor, user: Account, make_user: MakeUser, deployment: Deployment
) -> None:
    known = await with_passkey(visitor, user, deployment)
    other = await with_passkey(visitor, await make_user(), deployment)
    first = await id_of_passkey(visitor, known.session)
    options = await begun(visitor, known.session)
    second = SoftPasskey.made(options).attest(options, known.how)
    session = opened(user, await visitor.add_passkey(known.session.access, second))

    for stranger in (other.session.access,):
        answer = await visitor.remove_passkey(stranger, first)
        assert_problem(answer, 404, "factor_not_found")
    removed = await visitor.remove_passkey(session.access, first)

    left = (await visitor.factors(opened(user, removed).access)).json()
    assert (len(left["items"]), left["recoveryCodesLeft"]) == (1, 10)
    assert_problem(await visitor.login(user.credentials), 401, "second_factor_required")


@pytest.mark.promise("F28")
async def test_removing_all_factors_removes_passkeys(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    known = await with_passkey(visitor, user, deployment)

    assert_status(await visitor.remove_factors(known.session.access), 200)

    assert_problem(await login_with(visitor, known), 401, "passkey_unknown")
    assert_status(await visitor.login(user.credentials), 200)


@pytest.mark.promise("Y12")
@pytest.mark.requirement("MF-4")
async def test_passkeys_are_changed_by_fresh_sessions_only(
    visitor: Visitor, user: Account, deployment: Deployment, clock: FrozenClock
) -> None:
    known = await with_passkey(visitor, user, deployment)
    access, passkey_id = known.session.access, await id_of_passkey(visitor, known.session)
    options = await begun(visitor, known.session)
    made = SoftPasskey.made(options).attest(options, known.how)
    clock.move(FRESH + SECOND)

    for answer in (
        await visitor.begin_passkey(access),
        await visitor.add_passkey(access, made),
        await visitor.remove_passkey(access, passkey_id),
    ):
        assert_problem(answer, 401, "reauthentication_required")
        check_no_cookie(answer, "Y12")
    fresh = opened(user, await login_with(visitor, known))
    assert_status(await visitor.remove_passkey(fresh.access, passkey_id), 200)


@pytest.mark.promise("X8")
@pytest.mark.requirement("CK-6")
async def test_a_foreign_page_cannot_use_passkeys(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    known = await with_passkey(visitor, user, deployment)
    passkey_id = await id_of_passkey(visitor, known.session)
    bearer = {"Authorization": f"Bearer {known.session.access}"} | FOREIGN
    path = "/api/auth/factors/passkeys"

    answers = [
        await visitor.ask_passkey(headers=FOREIGN),
        await visitor.login_passkey({}, headers=FOREIGN),
        await visitor.begin_required_passkey("A" * 84, headers=FOREIGN),
        await visitor.add_required_passkey("A" * 84, {}, headers=FOREIGN),
        await visitor.http.post(path, json={}, headers=bearer),
        await visitor.http.post(f"{path}/{passkey_id}/remove", headers=bearer),
    ]

    for answer in answers:
        assert_problem(answer, 403, "origin_not_allowed")
        check_no_cookie(answer, "X8")


@pytest.mark.promise("ML13")
async def test_a_user_is_told_of_added_and_removed_passkeys(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    known = await with_passkey(visitor, user, deployment)
    passkey_id = await id_of_passkey(visitor, known.session)
    await visitor.remove_passkey(known.session.access, passkey_id)

    for subject in (
        "A passkey was added to your account",
        "A passkey of your account was removed",
    ):
        await mails(visitor, user.email, 1, subject)


@pytest.mark.promise("Y8", "L3")
@pytest.mark.requirement("MF-9")
async def test_a_disabled_user_cannot_use_a_passkey(
    visitor: Visitor, user: Account, deployment: Deployment, operator: Operator
) -> None:
    known = await with_passkey(visitor, user, deployment)

    await operator.disable(user.email)
    answer = await login_with(visitor, known)

    assert_problem(answer, 401, "passkey_invalid")
    check_no_cookie(answer, "Y8")


@pytest.mark.promise("Y17")
@pytest.mark.requirement("MF-7")
async def test_an_operator_removes_passkeys_with_all_factors(
    visitor: Visitor, user: Account, deployment: Deployment, operator: Operator
) -> None:
    known = await with_passkey(visitor, user, deployment)

    await operator.reset_factors(user.email)

    assert_problem(await visitor.refresh(known.session.refresh), 401, "session_ended")
    assert_problem(await login_with(visitor, known), 401, "passkey_unknown")
    assert_status(await visitor.login(user.credentials), 200)


@pytest.mark.promise("Y15", "F31")
@pytest.mark.requirement("MF-8")
async def test_a_passkey_is_the_factor_that_a_role_requires_and_the_last_one_stays(
    deploy: Deploy,
) -> None:
    strict = await deploy(MFA_REQUIRED_ROLES="ADMIN")
    if strict.operator is None:
        pytest.skip("needs an operator's access besides the API")
    account = Account(email=new_email())
    await strict.operator.create(account, Role.USER)
    async with strict.client() as http:
        guest = Visitor(http=http, cookie_name=strict.cookie_name)
        known = await with_passkey(guest, account, strict)
        await strict.operator.set_role(account.email, Role.ADMIN)

        session = opened(account, await login_with(guest, known))

        passkey_id = await id_of_passkey(guest, session)
        removed = await guest.remove_passkey(session.access, passkey_id)
        assert_problem(removed, 409, "last_factor")
        assert_problem(await guest.remove_factors(session.access), 409, "last_factor")
        assert_status(await login_with(guest, known), 200)


@pytest.mark.promise("F50", "F21", "F26")
async def test_without_a_name_there_are_no_passkeys(deploy: Deploy) -> None:
    nameless = await deploy(PUBLIC_URL="http://127.0.0.1")
    async with nameless.client() as http:
        guest = Visitor(http=http, cookie_name=nameless.cookie_name)

        features = (await guest.features()).json()

        assert features["passkeys"] is False
        assert_problem(await guest.ask_passkey(), 403, "passkeys_disabled")


@pytest.mark.promise("F19", "F23", "F50")
async def test_without_a_name_no_passkey_can_be_added(deploy: Deploy) -> None:
    nameless = await deploy(MFA_REQUIRED_ROLES="ADMIN", PUBLIC_URL="http://127.0.0.1")
    if nameless.operator is None:
        pytest.skip("needs an operator's access besides the API")
    account = Account(email=new_email())
    await nameless.operator.create(account, Role.ADMIN)
    async with nameless.client() as http:
        guest = Visitor(http=http, cookie_name=nameless.cookie_name)
        challenge = await challenged(guest, account)

        for answer in (
            await guest.begin_required_passkey(challenge),
            await guest.add_required_passkey(challenge, UNCHECKED),
        ):
            assert_problem(answer, 403, "passkeys_disabled")
        assert_status(await guest.begin_enrolment(challenge), 201)


@pytest.mark.promise("Y14", "Y12")
async def test_a_removal_makes_a_session_no_fresher(
    visitor: Visitor, user: Account, deployment: Deployment, clock: FrozenClock
) -> None:
    known = await with_passkey(visitor, user, deployment)
    options = await begun(visitor, known.session)
    second = SoftPasskey.made(options).attest(options, known.how)
    session = opened(user, await visitor.add_passkey(known.session.access, second))
    items = (await visitor.factors(session.access)).json()["items"]
    first, last = (item["id"] for item in items)
    clock.move(FRESH - SECOND)
    session = opened(user, await visitor.remove_passkey(session.access, first))

    clock.move(2 * SECOND)
    answer = await visitor.remove_passkey(session.access, last)

    assert_problem(answer, 401, "reauthentication_required")
