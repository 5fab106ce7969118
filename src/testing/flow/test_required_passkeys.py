"""Who must have a second factor, and has none, can add a passkey before there is a session."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from latchkey.domain.accounts.user import Role
from latchkey.testing.flow.authenticator import Authenticator, challenged, opened
from latchkey.testing.flow.deployments import Account, Deployment
from latchkey.testing.flow.expectations import (
    assert_invalid,
    assert_problem,
    assert_status,
    check_no_cookie,
    member,
)
from latchkey.testing.flow.fixtures import Deploy, new_email
from latchkey.testing.flow.jwt_anatomy import Anatomy
from latchkey.testing.flow.mailbox import mails
from latchkey.testing.flow.passkey_users import PasskeyUser, begun, login_with, page_of
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import Visitor
from latchkey.testing.soft_authenticator import Ceremony, SoftPasskey

pytestmark = pytest.mark.anyio

MANY = 30  # more than FACTOR_LIMIT allows
MEMBERS = {"accessToken", "tokenType", "expiresIn", "user", "recoveryCodes"}


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A passkey that a device has made for a challenge, and what the browser sends of it."""

    passkey: SoftPasskey
    how: Ceremony
    credential: dict[str, Any]


async def _made(guest: Visitor, challenge: str, strict: Deployment, **device: object) -> Made:
    answer = await guest.begin_required_passkey(challenge)
    assert_status(answer, 200)
    options = answer.json()["publicKey"]
    how = Ceremony(origin=page_of(strict, options["rp"]["id"])).but(**device)
    passkey = SoftPasskey.made(options)
    return Made(passkey=passkey, how=how, credential=passkey.attest(options, how))


@pytest.mark.promise("Y15", "F19", "F23", "C7")
@pytest.mark.requirement("MF-8")
async def test_who_must_have_a_second_factor_can_add_a_passkey_before_there_is_a_session(
    guest: Visitor, admin: Account, strict: Deployment
) -> None:
    challenge = await challenged(guest, admin)
    begun_with = await guest.begin_required_passkey(challenge)
    assert set(begun_with.json()) == {"publicKey"}
    check_no_cookie(begun_with, "Y15")
    made = await _made(guest, challenge, strict)

    added = await guest.add_required_passkey(challenge, made.credential)

    assert_status(added, 200)
    assert set(added.json()) == MEMBERS
    session = opened(admin, added)
    claims = Anatomy.of(session.access).claims
    assert (claims["acr"], claims["amr"][1:]) == ("aal2", ["user", "mfa"])
    assert SetCookie.of_device(added).value
    assert (await guest.refresh(session.refresh)).is_success
    [factor] = (await guest.factors(session.access)).json()["items"]
    assert (factor["kind"], factor["name"]) == ("passkey", "Laptop")
    await mails(guest, admin.email, 1, "A passkey was added to your account")


@pytest.mark.promise("Y15", "F23", "Y6")
@pytest.mark.requirement("MF-8")
async def test_from_then_on_the_passkey_and_each_recovery_code_sign_in(
    guest: Visitor, admin: Account, strict: Deployment
) -> None:
    challenge = await challenged(guest, admin)
    made = await _made(guest, challenge, strict)
    added = await guest.add_required_passkey(challenge, made.credential)
    session, codes = opened(admin, added), added.json()["recoveryCodes"]
    known = PasskeyUser(
        account=admin, passkey=made.passkey, codes=codes, session=session, how=made.how
    )

    assert_status(await login_with(guest, known), 200)

    assert len(codes) == 10
    answer = await guest.second_factor(await challenged(guest, admin), codes[0], "recovery_code")
    assert_status(answer, 200)


@pytest.mark.promise("Y15", "F23")
@pytest.mark.requirement("MF-8")
async def test_such_a_challenge_is_good_until_there_is_a_factor(
    guest: Visitor, admin: Account, strict: Deployment
) -> None:
    challenge = await challenged(guest, admin)
    made, other = [await _made(guest, challenge, strict) for _ in range(2)]
    begun_app = await guest.begin_enrolment(challenge)
    assert_status(await guest.add_required_passkey(challenge, made.credential), 200)

    app = Authenticator.of(begun_app)
    code = await app.code(strict)
    answers = [
        await guest.begin_required_passkey(challenge),
        await guest.add_required_passkey(challenge, other.credential),
        await guest.add_required_passkey(challenge, made.credential),
        await guest.begin_enrolment(challenge),
        await guest.confirm_enrolment(challenge, member(begun_app, "id"), code),
    ]

    for answer in answers:
        assert_problem(answer, 401, "challenge_invalid")
        check_no_cookie(answer, "Y15")


@pytest.mark.promise("Y15")
@pytest.mark.requirement("MF-8")
async def test_a_user_who_need_not_cannot_add_a_passkey_without_a_session(
    guest: Visitor, admin: Account, strict: Deployment
) -> None:
    challenge = await challenged(guest, admin)
    made = await _made(guest, challenge, strict)
    assert strict.operator is not None
    await strict.operator.set_role(admin.email, Role.USER)

    for presented in (challenge, "A" * 84):
        assert_problem(await guest.begin_required_passkey(presented), 401, "challenge_invalid")
        answer = await guest.add_required_passkey(presented, made.credential)
        assert_problem(answer, 401, "challenge_invalid")
    assert_status(await guest.login(admin.credentials), 200)


@pytest.mark.promise("Y8", "Y15")
@pytest.mark.requirement("MF-9")
async def test_a_passkey_that_was_made_for_another_user_or_page_is_not_added(
    guest: Visitor, admin: Account, strict: Deployment
) -> None:
    user = await _created(strict, Role.USER)
    session = await guest.sign_in(user)
    options = await begun(guest, session)
    how = Ceremony(origin=page_of(strict, options["rp"]["id"]))
    of_another = SoftPasskey.made(options).attest(options, how)
    challenge = await challenged(guest, admin)
    own = await _made(guest, challenge, strict)
    elsewhere = await _made(guest, challenge, strict, origin="https://evil.example")

    foreign = await guest.add_required_passkey(challenge, of_another)
    assert_problem(foreign, 401, "challenge_invalid")
    assert_invalid(await guest.add_required_passkey(challenge, elsewhere.credential), "credential")
    assert_invalid(await guest.add_required_passkey(challenge, own.credential, "\n"), "name")
    assert_problem(
        await guest.add_passkey(session.access, own.credential), 401, "challenge_invalid"
    )

    assert_status(await guest.add_required_passkey(challenge, own.credential), 200)


@pytest.mark.promise("Y15", "Y5")
@pytest.mark.requirement("MF-3")
async def test_neither_counts_an_attempt_of_codes(
    guest: Visitor, admin: Account, strict: Deployment
) -> None:
    challenge = await challenged(guest, admin)
    wrong = await _made(guest, challenge, strict, origin="https://evil.example")
    for _ in range(MANY):
        assert_invalid(await guest.add_required_passkey(challenge, wrong.credential), "credential")

    answer = await guest.begin_enrolment(challenge)
    code = await Authenticator.of(answer).code(strict)
    assert_status(await guest.confirm_enrolment(challenge, member(answer, "id"), code), 200)


@pytest.mark.promise("Y15", "F23")
async def test_of_many_passkeys_at_once_one_opens_a_session(
    guest: Visitor, admin: Account, strict: Deployment
) -> None:
    challenge = await challenged(guest, admin)
    made = [await _made(guest, challenge, strict) for _ in range(8)]

    answers = await asyncio.gather(
        *(guest.add_required_passkey(challenge, each.credential) for each in made)
    )

    assert [answer.status_code for answer in answers].count(httpx.codes.OK) == 1
    for answer in answers:
        if answer.is_error:
            assert_problem(answer, 401, "challenge_invalid")


@pytest.mark.promise("Y15", "Y1", "F19", "F23")
async def test_the_challenges_expire(guest: Visitor, admin: Account, strict: Deployment) -> None:
    if strict.clock is None:
        pytest.skip("needs a clock that can be moved")
    challenge = await challenged(guest, admin)
    strict.clock.move(timedelta(minutes=3))
    later = await challenged(guest, admin)
    made, late = [await _made(guest, each, strict) for each in (challenge, later)]
    strict.clock.move(timedelta(minutes=3))

    assert_problem(await guest.begin_required_passkey(challenge), 401, "challenge_invalid")
    answer = await guest.add_required_passkey(challenge, made.credential)
    assert_problem(answer, 401, "challenge_invalid")
    assert_status(await guest.add_required_passkey(later, late.credential), 200)
