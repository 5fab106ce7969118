"""What is noted of remembered devices, and what a changed setting does to them."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from latchkey.application.sign_in.open_session import LoggedIn
from latchkey.application.sign_in.remembered_devices import RememberedDevices
from latchkey.domain.accounts.user import User
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.factors.authentication import Means
from latchkey.domain.factors.remembered_device import RememberedToken
from latchkey.testing.factories import SOURCE
from unit.application.second_factors import proven, with_second_factor
from unit.application.service import Service

pytestmark = pytest.mark.anyio

LIFETIME: Final = timedelta(days=20)


def devices_of(service: Service, lifetime: timedelta | None = LIFETIME) -> RememberedDevices:
    """Return the use case, as a setting has it."""
    return replace(service.container.remembered_devices(), lifetime=lifetime)


@pytest.fixture
async def user(service: Service) -> User:
    return await with_second_factor(service, await service.added_user())


async def remembered(service: Service, user: User) -> RememberedToken:
    """Remember a device of a user."""
    credential = await service.credential_of(user)
    async with service.storage.units.begin() as unit:
        token = await devices_of(service).remember(unit, credential, (), "Firefox", SOURCE)
        await unit.commit()
    assert token is not None
    return token


async def opened(
    service: Service, user: User, token: RememberedToken, lifetime: timedelta | None = LIFETIME
) -> LoggedIn | None:
    """Log in with the password on a device."""
    devices = devices_of(service, lifetime)
    return await devices.open(await proven(service, user), [token.token])


async def test_a_login_tells_which_device_stood_in(service: Service, user: User) -> None:
    token = await remembered(service, user)

    session = await opened(service, user, token)

    assert session is not None
    assert service.principal_of(session.tokens).means is Means.PASSWORD
    noted = {event.action: event.detail for event in await service.events()}
    device_id = noted[AuditAction.DEVICE_REMEMBERED]["remembered_device"]
    assert noted[AuditAction.DEVICE_REMEMBERED]["device"] == "Firefox"
    assert noted[AuditAction.LOGIN_SUCCEEDED]["remembered_device"] == device_id
    assert token.token not in f"{token!r} {noted}"


async def test_a_device_that_is_forgotten_is_noted(service: Service, user: User) -> None:
    await remembered(service, user)

    await service.changed(user, disabled=True)

    assert AuditAction.DEVICE_FORGOTTEN in await service.actions()


@pytest.mark.parametrize("shortened", [None, LIFETIME / 4])
async def test_a_device_expires_by_the_setting_of_today(
    service: Service, user: User, shortened: timedelta | None
) -> None:
    token = await remembered(service, user)
    service.clock.move(LIFETIME / 2)

    by_today = await opened(service, user, token, shortened)
    (unused,) = await service.storage.remembered_devices.of_user(user.id, service.clock.now())
    by_then = await opened(service, user, token)

    assert by_today is None
    assert unused.last_used_at is None
    assert by_then is not None


async def test_expired_devices_are_pruned(service: Service, user: User) -> None:
    await remembered(service, user)

    early = await service.container.prune()()
    service.clock.move(LIFETIME)
    late = await service.container.prune()()

    assert (early.devices, late.devices) == (0, 1)
