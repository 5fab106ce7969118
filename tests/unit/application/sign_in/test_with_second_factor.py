"""What a completed login notes, and what cannot be seen from outside."""

from dataclasses import replace

import pytest

from latchkey.application.factors.second_factors import SecondFactorAnswer
from latchkey.application.sign_in.login_devices import DeviceLoggedIn
from latchkey.application.sign_in.with_password import PasswordLoginCommand
from latchkey.application.sign_in.with_second_factor import SecondFactorLoginCommand
from latchkey.domain.accounts.password import Password
from latchkey.domain.accounts.user import User
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.factors.authentication import SecondMethod
from latchkey.domain.factors.errors import (
    ChallengeEndedError,
    SecondFactorInvalidError,
    SecondFactorRequiredError,
)
from latchkey.domain.factors.factor import TotpFactor
from latchkey.domain.factors.totp import STEP, step_at, totp
from latchkey.domain.mail.mail import MailKind
from latchkey.testing.factories import SOURCE
from unit.application.service import NEW, PASSWORD, Service

pytestmark = pytest.mark.anyio


async def with_app(service: Service, user: User | None = None) -> tuple[User, TotpFactor]:
    """Give a user, or a new one, an app with a secret by the service's own key."""
    user = user or await service.added_user()
    keys, now = service.container.factor_keys(), service.clock.now()
    factor = TotpFactor.begin(keys.new_seed(), now)
    await service.storage.factors.enrol(user.id, factor)
    assert await service.storage.factors.confirm(user.id, factor.id, step_at(now) - 1)
    return user, factor


async def challenge_of(service: Service, user: User, password: Password = PASSWORD) -> str:
    command = PasswordLoginCommand(email=user.email.text, password=password, source=SOURCE)
    with pytest.raises(SecondFactorRequiredError) as asked:
        await service.login(command)
    return asked.value.challenge


def code_of(service: Service, user: User, factor: TotpFactor) -> str:
    secret = service.container.factor_keys().totp_secret(user.id, factor.seed)
    assert secret is not None
    return totp(secret, step_at(service.clock.now()))


def answer_of(
    challenge: str, code: str, *, devices: tuple[str, ...] = ()
) -> SecondFactorLoginCommand:
    answer = SecondFactorAnswer(method=SecondMethod.TOTP, typed=code)
    return SecondFactorLoginCommand(
        challenge=challenge, answer=answer, devices=devices, source=SOURCE
    )


async def completed(service: Service, *, devices: tuple[str, ...] = ()) -> DeviceLoggedIn:
    user, factor = await with_app(service)
    command = answer_of(
        await challenge_of(service, user), code_of(service, user, factor), devices=devices
    )
    return await service.container.challenge_answers().login(command)


async def test_a_completed_login_is_noted_with_its_factor(service: Service) -> None:
    logged_in = await completed(service)

    [event] = await service.events(AuditAction.LOGIN_SUCCEEDED)
    detail = {"factor": "totp", "signed_in_with": "password_and_code"}
    assert (event.user_id, event.detail) == (logged_in.user.id, detail)
    assert await service.actions() == [AuditAction.LOGIN_CHALLENGED, AuditAction.LOGIN_SUCCEEDED]


@pytest.mark.parametrize("method", SecondMethod)
async def test_a_wrong_code_is_noted_with_its_factor_and_without_itself(
    service: Service, method: SecondMethod
) -> None:
    user, _ = await with_app(service)
    command = answer_of(await challenge_of(service, user), "any text")

    with pytest.raises(SecondFactorInvalidError):
        await service.container.challenge_answers().login(
            replace(command, answer=replace(command.answer, method=method))
        )

    [event] = await service.events(AuditAction.SECOND_FACTOR_FAILED)
    assert (event.user_id, event.detail) == (user.id, {"factor": method.value})


async def test_a_device_is_known_after_a_completed_login(service: Service) -> None:
    user, factor = await with_app(service)
    login = service.container.challenge_answers().login
    challenge = await challenge_of(service, user)
    first = await login(answer_of(challenge, code_of(service, user, factor)))
    service.clock.move(STEP)

    again = answer_of(challenge, code_of(service, user, factor), devices=(first.device,))
    await login(again)

    now = service.clock.now()
    claims = await service.storage.outbox.claim(now, until=now, limit=100)
    assert [claim.mail.kind for claim in claims] == [MailKind.NEW_SIGN_IN]


async def test_a_device_of_an_old_password_is_unknown_when_the_login_is_completed(
    service: Service,
) -> None:
    user, factor = await with_app(service)
    login = service.container.challenge_answers().login
    challenge = await challenge_of(service, user)
    first = await login(answer_of(challenge, code_of(service, user, factor)))
    await service.set_password(user, NEW, SOURCE)
    service.clock.move(STEP)
    renewed = await challenge_of(service, user, NEW)

    again = await login(answer_of(renewed, code_of(service, user, factor), devices=(first.device,)))

    codec, account, now = service.login.devices.codec, user.email.canonical, service.clock.now()
    old, new = (codec.decode(each.device, account, now) for each in (first, again))
    assert old is not None
    assert new is not None
    assert old.id != new.id


async def test_the_right_password_upgrades_its_hash_before_the_code_is_known(
    service: Service,
) -> None:
    user = await service.added_user(cost=service.hasher.cost - 1)
    _, factor = await with_app(service, user)
    before = await service.credential_of(user)

    challenge = await challenge_of(service, user)

    after = await service.credential_of(user)
    assert after.password_hash == service.hasher.hashed(PASSWORD, service.hasher.cost)
    assert after.password_hash != before.password_hash
    login = service.container.challenge_answers().login
    assert (await login(answer_of(challenge, code_of(service, user, factor)))).user == user


async def test_a_code_is_kept_if_its_challenge_is_no_longer_true(service: Service) -> None:
    user, factor = await with_app(service)
    ended = await challenge_of(service, user)
    await service.set_password(user, NEW, SOURCE)
    code = code_of(service, user, factor)
    login = service.container.challenge_answers().login

    with pytest.raises(ChallengeEndedError):
        await login(answer_of(ended, code))

    renewed = await challenge_of(service, user, NEW)
    assert (await login(answer_of(renewed, code))).user == user


async def test_the_key_of_a_factor_that_is_gone_leaves_no_code_right(service: Service) -> None:
    user, factor = await with_app(service)
    code = code_of(service, user, factor)
    foreign = replace(factor, seed=replace(factor.seed, key_id="gone"))
    await service.storage.factors.enrol(user.id, foreign)
    await service.storage.factors.confirm(user.id, foreign.id, 1)

    with pytest.raises(SecondFactorInvalidError):
        await service.container.challenge_answers().login(
            answer_of(await challenge_of(service, user), code)
        )
