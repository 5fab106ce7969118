"""Logging in."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from latchkey.application.sign_in.with_password import PasswordLoginCommand
from latchkey.domain.accounts.errors import InvalidCredentialsError, PasswordHasherBusyError
from latchkey.domain.accounts.password import Password
from latchkey.domain.accounts.user import User
from latchkey.domain.audit.event import AuditAction, AuditEvent, RequestSource
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.throttling.errors import TooManyAttemptsError
from latchkey.testing.factories import SOURCE
from unit.application.service import LIMITS, NEW, PASSWORD, WRONG, Service

pytestmark = pytest.mark.anyio

MANY: Final = 200  # more than any limit allows


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
        detail={"signed_in_with": "password"},
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


async def test_a_busy_hasher_fails_a_login_for_now(service: Service) -> None:
    user = await service.added_user()
    service.hasher.is_busy = True

    with pytest.raises(PasswordHasherBusyError):
        await service.logged_in(user)

    assert await service.events() == ()
    assert await sessions_left(service, user) == 0


@pytest.mark.requirement("LG-5")
@pytest.mark.parametrize("address", [SOURCE.address, "2001:db8::1"])
async def test_a_login_that_finds_the_hasher_busy_is_not_counted(
    service: Service, address: str
) -> None:
    user = await service.added_user()
    source = RequestSource(address=address)
    service.hasher.is_busy = True
    for _ in range(MANY):
        with pytest.raises(PasswordHasherBusyError):
            await service.login(replace(command(user.email.text), source=source))

    service.hasher.is_busy = False

    logged_in = await service.login(replace(command(user.email.text), source=source))
    assert logged_in.user == user


@pytest.mark.requirement("LG-16")
async def test_a_stranger_queues_for_the_account_and_each_network(service: Service) -> None:
    user = await service.added_user()
    source = RequestSource(address="2001:db8:1:2::1")

    logged_in = await service.login(replace(command(user.email.text), source=source))
    as_stranger = service.hasher.clients
    await service.login(
        replace(command(user.email.text), source=source, devices=(logged_in.device,))
    )

    account = user.email.canonical
    networks = ["2001:db8:1:2::/64", "2001:db8:1::/56", "2001:db8:1::/48"]
    assert as_stranger == (f"account {account}", *(f"network {each}" for each in networks))
    assert service.hasher.clients == (f"devices of {account}",)


@pytest.mark.parametrize("junk", [(), ("planted", ""), ("\ud800",)])
async def test_a_known_device_is_found_among_others_and_renewed(
    service: Service, junk: tuple[str, ...]
) -> None:
    user, other = await service.added_user(), await service.logged_in()
    first = await service.logged_in(user)
    service.clock.move(timedelta(days=300))

    again = await service.login(
        replace(command(user.email.text), devices=(*junk, other.device, first.device))
    )
    service.clock.move(timedelta(days=300))

    account, now = user.email.canonical, service.clock.now()
    devices = service.login.devices.codec
    renewed = devices.decode(again.device, account, now)
    original = devices.decode(first.device, account, now - timedelta(days=300))
    assert devices.decode(first.device, account, now) is None
    assert renewed is not None
    assert original is not None
    assert renewed.id == original.id


@pytest.mark.requirement("LG-6")
async def test_a_device_of_an_old_password_is_a_stranger_and_gets_a_new_identity(
    service: Service,
) -> None:
    user = await service.added_user()
    old = await service.logged_in(user)
    await service.set_password(user, NEW, SOURCE)

    new = await service.login(replace(command(user.email.text, NEW), devices=(old.device,)))

    account, now = user.email.canonical, service.clock.now()
    known, made = (service.login.devices.codec.decode(it.device, account, now) for it in (old, new))
    assert known is not None
    assert made is not None
    assert known.id != made.id
    assert service.hasher.clients[0] == f"account {account}"


async def test_a_failed_login_says_neither_password_nor_address(service: Service) -> None:
    with pytest.raises(InvalidCredentialsError) as refusal:
        await service.login(command("canary@example.org", Password("canary canary")))

    assert "canary" not in f"{refusal.value!r} {await service.events()}"
