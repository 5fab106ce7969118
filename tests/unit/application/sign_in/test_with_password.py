"""Logging in."""

from dataclasses import replace
from datetime import timedelta

import pytest

from latchkey.application.sign_in.login_throttle import LoginLimits
from latchkey.application.sign_in.with_password import PasswordLoginCommand
from latchkey.domain.accounts.errors import InvalidCredentialsError, PasswordHasherBusyError
from latchkey.domain.accounts.password import Password
from latchkey.domain.accounts.user import Role, User
from latchkey.domain.audit.event import AuditAction, AuditEvent, RequestSource
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.throttling.errors import TooManyAttemptsError
from latchkey.domain.throttling.rate import Rate
from latchkey.testing.factories import SOURCE
from unit.application.service import LIMITS, PASSWORD, POLICY, WRONG, Service

pytestmark = pytest.mark.anyio


def command(email: str, password: Password = PASSWORD) -> PasswordLoginCommand:
    return PasswordLoginCommand(email=email, password=password, source=SOURCE)


async def sessions_left(service: Service, user: User) -> int:
    ended = await service.storage.sessions.end_all(user.id, EndReason.REVOKED)
    return len(ended)


async def test_the_right_password_opens_a_session(service: Service) -> None:
    user = await service.added_user()

    logged_in = await service.logged_in(user)

    found = await service.session_of(logged_in.tokens.refresh)
    assert logged_in.user == user == found.user
    assert found.session.rotated_at == service.clock.now()
    assert found.session.generation == 0
    assert found.session.end_reason is None


async def test_the_access_token_says_who_logged_in_and_in_which_session(service: Service) -> None:
    user = await service.added_user(role=Role.ADMIN)

    logged_in = await service.logged_in(user)

    principal = service.principal_of(logged_in.tokens)
    session_id = service.decoded(logged_in.tokens.refresh).session_id
    assert (principal.id, principal.email, principal.role, principal.session_id) == (
        user.id,
        user.email.text,
        Role.ADMIN,
        session_id,
    )


async def test_the_session_expires_after_its_absolute_lifetime(service: Service) -> None:
    logged_in = await service.logged_in()

    expires_at = service.decoded(logged_in.tokens.refresh).expires_at

    assert expires_at == (service.clock.now() + POLICY.absolute).replace(microsecond=0)
    assert logged_in.tokens.refresh_expires_in == POLICY.idle


async def test_the_cookie_lasts_no_longer_than_the_session(service: Service) -> None:
    service.policy = replace(POLICY, absolute=timedelta(days=1))

    logged_in = await service.logged_in()

    expires_at = service.decoded(logged_in.tokens.refresh).expires_at
    assert logged_in.tokens.refresh_expires_in == expires_at - service.clock.now()


async def test_any_spelling_of_the_address_logs_in(service: Service) -> None:
    user = await service.added_user()

    logged_in = await service.login(command(user.email.text.upper()))

    assert logged_in.user == user


@pytest.mark.requirement("RS-6")
async def test_two_logins_have_two_sessions_with_secrets_of_their_own(service: Service) -> None:
    user = await service.added_user()

    one, another = await service.logged_in(user), await service.logged_in(user)

    tokens = [service.decoded(each.tokens.refresh) for each in (one, another)]
    assert tokens[0].session_id != tokens[1].session_id
    assert tokens[0].secret != tokens[1].secret
    assert len(tokens[0].secret) == 16


@pytest.mark.requirement("LG-12", "ER-4")
async def test_a_login_is_noted(service: Service) -> None:
    logged_in = await service.logged_in()

    (event,) = await service.events()

    assert event == AuditEvent(
        id=event.id,
        at=service.clock.now(),
        action=AuditAction.LOGIN_SUCCEEDED,
        source=SOURCE,
        user_id=logged_in.user.id,
        session_id=service.decoded(logged_in.tokens.refresh).session_id,
    )


@pytest.mark.requirement("LG-2")
@pytest.mark.parametrize(
    "email", ["nobody@example.org", "no address", "", "\ud800@x", "x" * 9999, "a\r\nb@c.d"]
)
async def test_whatever_is_no_account_is_refused_with_the_same_work(
    service: Service, email: str
) -> None:
    await service.added_user()

    with pytest.raises(InvalidCredentialsError):
        await service.login(command(email))

    (event,) = await service.events()
    assert (event.action, event.user_id) == (AuditAction.LOGIN_FAILED, None)
    assert service.hasher.works == 1


@pytest.mark.requirement("LG-2")
@pytest.mark.parametrize("password", [WRONG, Password(""), Password("\x00"), Password("x" * 9999)])
async def test_a_wrong_password_is_refused_with_the_same_work(
    service: Service, password: Password
) -> None:
    user = await service.added_user()

    with pytest.raises(InvalidCredentialsError):
        await service.login(command(user.email.text, password))

    (event,) = await service.events()
    assert (event.action, event.user_id) == (AuditAction.LOGIN_FAILED, user.id)
    assert service.hasher.works == 1
    assert await sessions_left(service, user) == 0


async def test_a_disabled_user_is_refused_with_the_same_work(service: Service) -> None:
    user = await service.added_user()
    await service.storage.users.disable(user.id, service.clock.now())

    with pytest.raises(InvalidCredentialsError):
        await service.login(command(user.email.text))

    (event,) = await service.events()
    assert (event.action, event.user_id) == (AuditAction.LOGIN_FAILED, user.id)
    assert service.hasher.works == 1
    assert await sessions_left(service, user) == 0


async def test_too_many_attempts_are_refused_before_any_work(service: Service) -> None:
    user = await service.added_user()
    assert LIMITS.account is not None
    for _ in range(LIMITS.account.count):
        with pytest.raises(InvalidCredentialsError):
            await service.login(command(user.email.text, WRONG))

    with pytest.raises(TooManyAttemptsError) as refusal:
        await service.login(command(user.email.text.upper()))

    assert refusal.value.retry_after == LIMITS.account.interval
    assert service.hasher.works == LIMITS.account.count


async def test_an_account_that_is_unknown_is_limited_alike(service: Service) -> None:
    assert LIMITS.account is not None
    for _ in range(LIMITS.account.count):
        with pytest.raises(InvalidCredentialsError):
            await service.login(command("nobody@example.org"))

    with pytest.raises(TooManyAttemptsError) as refusal:
        await service.login(command("nobody@example.org"))

    assert refusal.value.retry_after == LIMITS.account.interval


@pytest.mark.requirement("LG-5")
async def test_the_addresses_of_one_ipv6_network_are_counted_together(service: Service) -> None:
    assert LIMITS.account is not None
    for number in range(LIMITS.account.count):
        source = RequestSource(address=f"2001:db8:1:2::{number:x}")
        with pytest.raises(InvalidCredentialsError):
            await service.login(replace(command("nobody@example.org"), source=source))

    with pytest.raises(TooManyAttemptsError):
        await service.login(
            replace(command("nobody@example.org"), source=RequestSource(address="2001:db8:1:2:3::"))
        )


async def test_logins_that_succeed_are_never_too_many(service: Service) -> None:
    user = await service.added_user()

    outcomes = [await service.logged_in(user) for _ in range(120)]

    assert {logged_in.user for logged_in in outcomes} == {user}


async def test_a_login_makes_its_address_known(service: Service) -> None:
    service.limits = LoginLimits(account=Rate(count=1, period=timedelta(minutes=1)), address=None)
    user = await service.added_user()
    await service.logged_in(user)
    for number in range(9):
        await service.login_throttle.hit(
            user.email.canonical, f"198.51.100.{number}", service.clock.now()
        )

    assert (await service.logged_in(user)).user == user


async def test_a_busy_hasher_fails_a_login_for_now(service: Service) -> None:
    user = await service.added_user()
    service.hasher.is_busy = True

    with pytest.raises(PasswordHasherBusyError):
        await service.logged_in(user)

    assert await service.events() == ()
    assert await sessions_left(service, user) == 0


async def test_a_failed_login_says_neither_password_nor_address(service: Service) -> None:
    with pytest.raises(InvalidCredentialsError) as refusal:
        await service.login(command("canary@example.org", Password("canary canary")))

    assert "canary" not in f"{refusal.value!r} {await service.events()}"
