"""Passkeys sign in by themselves, and each challenge once (docs/flow.md, Y8 to Y11)."""

import asyncio
from datetime import timedelta

import pytest

from latchkey.testing.flow.deployments import Account, Deployment
from latchkey.testing.flow.expectations import assert_problem, assert_status, check_no_cookie
from latchkey.testing.flow.jwt_anatomy import Anatomy
from latchkey.testing.flow.passkey_users import asked, login_with, with_passkey
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import SignedIn, Visitor
from latchkey.testing.frozen_clock import FrozenClock
from latchkey.testing.soft_authenticator import BACKED_UP, SYNCED, USUAL

pytestmark = pytest.mark.anyio

LIFETIME = timedelta(minutes=5)
SECOND = timedelta(seconds=1)


@pytest.mark.promise("Y10", "F22", "Y19")
@pytest.mark.requirement("MF-9")
@pytest.mark.parametrize(("flags", "method"), [(USUAL, "hwk"), (USUAL | SYNCED, "swk")])
async def test_a_passkey_alone_signs_in_with_two_factors(
    visitor: Visitor, user: Account, deployment: Deployment, flags: int, method: str
) -> None:
    known = await with_passkey(visitor, user, deployment, flags=flags)

    answer = await login_with(visitor, known)

    assert_status(answer, 200)
    assert answer.json()["user"]["email"] == user.email
    refreshed = await visitor.refresh(SetCookie.of(answer).value)
    for token in (answer.json()["accessToken"], refreshed.json()["accessToken"]):
        claims = Anatomy.of(token).claims
        assert (claims["acr"], claims["amr"]) == ("aal2", [method, "user", "mfa"])


@pytest.mark.promise("Y10", "L4")
async def test_a_login_with_a_passkey_replaces_the_session_of_its_cookie(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    known = await with_passkey(visitor, user, deployment)
    options = await asked(visitor)

    answer = await visitor.login_passkey(
        known.passkey.sign(options, known.how), headers=visitor.cookie(known.session.refresh)
    )

    assert_status(answer, 200)
    assert_problem(await visitor.refresh(known.session.refresh), 401, "session_ended")


@pytest.mark.promise("Y8", "Y9")
@pytest.mark.requirement("MF-9")
@pytest.mark.parametrize("count", [0, 5], ids=["a device that does not count", "one that counts"])
async def test_a_challenge_signs_in_once(
    visitor: Visitor, user: Account, deployment: Deployment, count: int
) -> None:
    known = await with_passkey(visitor, user, deployment, count=count)
    earlier, options = await asked(visitor), await asked(visitor)
    credential = known.passkey.sign(options, known.how.but(count=count and count + 1))

    first = await visitor.login_passkey(credential)

    assert_status(first, 200)
    for again in (credential, known.passkey.sign(earlier, known.how.but(count=count))):
        answer = await visitor.login_passkey(again)
        assert_problem(answer, 401, "challenge_invalid")
        check_no_cookie(answer, "Y8")
    assert_status(await login_with(visitor, known, count=count and count + 2), 200)


@pytest.mark.promise("Y8", "Y9")
@pytest.mark.requirement("MF-9")
@pytest.mark.parametrize("count", [0, 5], ids=["a device that does not count", "one that counts"])
async def test_of_logins_at_once_with_one_challenge_one_succeeds(
    visitor: Visitor, user: Account, deployment: Deployment, count: int
) -> None:
    known = await with_passkey(visitor, user, deployment, count=count)
    device = known.how.but(count=count and count + 1)
    credential = known.passkey.sign(await asked(visitor), device)

    answers = await asyncio.gather(*(visitor.login_passkey(credential) for _ in range(6)))

    [_, *refused] = sorted(answers, key=lambda answer: answer.status_code)
    for answer in refused:
        assert_problem(answer, 401, "challenge_invalid")


@pytest.mark.promise("Y8")
async def test_a_challenge_is_good_for_five_minutes(
    visitor: Visitor, user: Account, deployment: Deployment, clock: FrozenClock
) -> None:
    known = await with_passkey(visitor, user, deployment)
    late, later = await asked(visitor), await asked(visitor)
    clock.move(LIFETIME - SECOND)
    assert_status(await visitor.login_passkey(known.passkey.sign(late, known.how)), 200)
    clock.move(SECOND)

    answer = await visitor.login_passkey(known.passkey.sign(later, known.how))

    assert_problem(answer, 401, "challenge_invalid")


@pytest.mark.promise("Y11")
async def test_everybody_gets_the_same_options_but_for_the_challenge(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    known = await with_passkey(visitor, user, deployment)
    anybody = await asked(visitor)

    claims = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    of_user = await visitor.ask_passkey(headers=visitor.cookie(known.session.refresh) | claims)

    challenge = of_user.json()["publicKey"]["challenge"]
    assert challenge != anybody["challenge"]
    assert of_user.json() == {"publicKey": anybody | {"challenge": challenge}}
    assert anybody == {
        "challenge": anybody["challenge"],
        "rpId": known.passkey.rp_id,
        "timeout": 300_000,
        "userVerification": "required",
    }
    check_no_cookie(of_user, "Y11")


@pytest.mark.promise("Y10", "Y1")
@pytest.mark.requirement("MF-1")
async def test_a_password_alone_no_longer_signs_in_whoever_has_a_passkey(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    known = await with_passkey(visitor, user, deployment)

    answer = await visitor.login(user.credentials)

    assert_problem(answer, 401, "second_factor_required")
    assert answer.json()["factors"] == ["passkey", "recovery_code"]
    check_no_cookie(answer, "Y1")
    challenge = answer.json()["challenge"]
    no_code = await visitor.second_factor(challenge, known.codes[0], "passkey")
    assert_problem(no_code, 400, "invalid_request")
    recovered = await visitor.second_factor(challenge, known.codes[0], "recovery_code")
    assert_status(recovered, 200)


@pytest.mark.promise("Y9")
@pytest.mark.requirement("MF-9")
async def test_a_counter_that_does_not_grow_is_a_copy_unless_the_passkey_is_synced(
    visitor: Visitor, user: Account, deployment: Deployment
) -> None:
    known = await with_passkey(visitor, user, deployment, count=5)

    for count in (5, 4):
        answer = await login_with(visitor, known, count=count)
        assert_problem(answer, 401, "passkey_invalid")
        check_no_cookie(answer, "Y9")
    assert_status(await login_with(visitor, known, count=6), 200)
    assert_problem(await login_with(visitor, known, count=5), 401, "passkey_invalid")


@pytest.mark.promise("Y9")
@pytest.mark.parametrize(
    ("flags", "counts"), [(USUAL, (0, 0)), (USUAL, (5, 0)), (USUAL | SYNCED | BACKED_UP, (5, 5))]
)
async def test_a_counter_that_proves_nothing_is_no_refusal(
    visitor: Visitor, user: Account, deployment: Deployment, flags: int, counts: tuple[int, int]
) -> None:
    known = await with_passkey(visitor, user, deployment, flags=flags, count=counts[0])

    answer = await login_with(visitor, known, count=counts[1])

    assert_status(answer, 200)


@pytest.mark.promise("Y9", "AU1")
@pytest.mark.parametrize("counts", [(0, 0), (5, 6), (5, 0), (5, 5)], ids=str)
async def test_a_counter_that_has_not_grown_is_in_the_audit_log(
    visitor: Visitor,
    user: Account,
    admin: SignedIn,
    deployment: Deployment,
    counts: tuple[int, int],
) -> None:
    known = await with_passkey(visitor, user, deployment, count=counts[0])
    user_id = (await visitor.me(known.session.access)).json()["id"]

    await login_with(visitor, known, count=counts[1])

    suspect = {"user": user_id, "action": "passkey_counter_suspect"}
    events = (await visitor.audit(admin.access, **suspect)).json()["items"]
    noted = counts in {(5, 0), (5, 5)}
    assert [event["detail"] for event in events] == [{"factor": "passkey"}] * noted
