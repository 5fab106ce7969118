"""Changing a user's password or role, and shutting a user out."""

from datetime import timedelta

import pytest

from latchkey.domain.accounts.errors import InvalidCredentialsError
from latchkey.domain.accounts.password import Password
from latchkey.domain.accounts.user import Role
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.kernel.errors import InvalidInputError, NotFoundError
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.errors import SessionEndedError
from latchkey.testing.factories import SOURCE, UserFactory
from unit.application.service import COMMON, NEW, Service

pytestmark = pytest.mark.anyio

NOBODY = UserFactory.build()


async def test_a_new_password_and_the_ends_of_sessions_are_noted(service: Service) -> None:
    user = await service.added_user()
    for _ in range(2):
        await service.logged_in(user)

    await service.set_password(user, NEW, SOURCE)

    (changed,) = await service.events(AuditAction.PASSWORD_CHANGED)
    ended = await service.events(AuditAction.SESSION_ENDED)
    assert (changed.user_id, changed.source) == (user.id, SOURCE)
    assert [(event.user_id, event.detail) for event in ended] == [
        (user.id, {"reason": "revoked"})
    ] * 2


@pytest.mark.parametrize("password", [COMMON, Password("short"), Password("nul\x00nulnul")])
async def test_a_password_that_is_not_acceptable_changes_nothing(
    service: Service, password: Password
) -> None:
    logged_in = await service.logged_in()
    before = await service.credential_of(logged_in.user)

    with pytest.raises(InvalidInputError):
        await service.set_password(logged_in.user, password, SOURCE)

    assert await service.credential_of(logged_in.user) == before
    assert (await service.session_of(logged_in.tokens.refresh)).session.end_reason is None


async def test_the_users_own_address_is_no_new_password(service: Service) -> None:
    user = await service.added_user()

    with pytest.raises(InvalidInputError):
        await service.set_password(user, Password(user.email.text.upper()), SOURCE)


async def test_a_changed_role_is_noted(service: Service) -> None:
    user = await service.added_user()

    await service.changed(user, role=Role.ADMIN)

    (event,) = await service.events()
    assert (event.action, event.user_id) == (AuditAction.ROLE_CHANGED, user.id)
    assert event.detail == {"role": "ADMIN", "by": "command line"}


async def test_a_disabled_user_neither_logs_in_nor_refreshes(service: Service) -> None:
    logged_in = await service.logged_in()
    now = service.clock.move(timedelta(hours=1))

    await service.changed(logged_in.user, disabled=True)

    found = await service.session_of(logged_in.tokens.refresh)
    assert found.user.disabled_at == now
    assert found.session.end_reason is EndReason.USER_DISABLED
    with pytest.raises(InvalidCredentialsError):
        await service.logged_in(logged_in.user)
    with pytest.raises(SessionEndedError):
        await service.refreshed(logged_in.tokens.refresh)


async def test_a_disabled_user_and_the_ends_of_sessions_are_noted(service: Service) -> None:
    user = await service.added_user()
    for _ in range(2):
        await service.logged_in(user)

    await service.changed(user, disabled=True)

    (disabled,) = await service.events(AuditAction.USER_DISABLED)
    ended = await service.events(AuditAction.SESSION_ENDED)
    assert (disabled.user_id, disabled.source) == (user.id, SOURCE)
    assert [(event.user_id, event.detail) for event in ended] == [
        (user.id, {"reason": "user_disabled"})
    ] * 2


async def test_nobody_can_be_changed_who_is_not_there(service: Service) -> None:
    for what in ({"role": Role.ADMIN}, {"disabled": True}, {"disabled": False}):
        with pytest.raises(NotFoundError):
            await service.changed(NOBODY, **what)
    assert await service.events() == ()
